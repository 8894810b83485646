// What Relay asks of a schema: nodes, connections that page, and a fragment that can be fetched again.
graphql`
  query rosterQuery($school: ID!) {
    node(id: $school) {
      ...roster_school @alias
    }
  }
`;

graphql`
  fragment roster_school on School
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" })
  @refetchable(queryName: "rosterPageQuery") {
    name
    teachers(first: $count, after: $cursor) @connection(key: "roster_teachers") {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`;

graphql`
  mutation rosterRegisterMutation($input: RegisterTrainingInput!) {
    registerTraining(input: $input) {
      errors {
        code
        field
      }
      record {
        id
        credits
      }
    }
  }
`;
