"""What the gateway can ask of the services: one typed line for each endpoint; tests give another `call`."""

from __future__ import annotations

from yanxiu_wire import (
    announced_ratios,
    area,
    attendance,
    award_endings,
    awards,
    blind_statement,
    books,
    calendar_year,
    competition,
    coverage,
    field_records,
    findings,
    forms,
    leading_group,
    minima,
    noting,
    organisation,
    process,
    public_names,
    registry,
    regular_inspections,
    research_group,
    researcher,
    residency,
    roster_import,
    rotation_plan,
    rules,
    standings,
    supervision,
    term_work,
    transfer,
    visiting,
    work_assessment,
    workflow,
)
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import jobs as wire_jobs
from yanxiu_wire import policy as wire_policy
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term

from yanxiu_gateway.asking import COMMAND_SECONDS, QUERY_SECONDS, Ask, Bound, Call
from yanxiu_gateway.audit_backend import AuditBackend
from yanxiu_gateway.grants_backend import GrantsBackend
from yanxiu_gateway.letters_backend import LettersBackend
from yanxiu_gateway.person_backend import PersonBackend
from yanxiu_gateway.programme_backend import ProgrammeBackend

__all__ = ["COMMAND_SECONDS", "QUERY_SECONDS", "Ask", "Backend", "Bound", "Call"]


class Backend(ProgrammeBackend, GrantsBackend, LettersBackend, AuditBackend, PersonBackend):
    """Every request that the gateway can make."""

    create_district: Ask[registry.CreateDistrict, registry.District] = Ask(registry.CREATE_DISTRICT)
    correct_district: Ask[registry.CorrectDistrict, registry.District] = Ask(registry.CORRECT_DISTRICT)
    list_districts: Ask[registry.ListDistricts, registry.DistrictPage] = Ask(registry.LIST_DISTRICTS)
    bind_rule_pack: Ask[registry.BindRulePack, registry.District] = Ask(registry.BIND_RULE_PACK)
    cancel_rule_pack_binding: Ask[registry.CancelRulePackBinding, registry.District] = Ask(
        registry.CANCEL_RULE_PACK_BINDING
    )
    get_district: Ask[registry.GetDistrict, registry.District] = Ask(registry.GET_DISTRICT)
    create_school: Ask[registry.CreateSchool, registry.School] = Ask(registry.CREATE_SCHOOL)
    correct_school: Ask[registry.CorrectSchool, registry.School] = Ask(registry.CORRECT_SCHOOL)
    get_schools: Ask[registry.GetSchools, registry.Schools] = Ask(registry.GET_SCHOOLS)
    list_schools: Ask[registry.ListSchools, registry.SchoolPage] = Ask(registry.LIST_SCHOOLS)
    create_teacher: Ask[wire_teacher.CreateTeacher, wire_teacher.Teacher] = Ask(wire_teacher.CREATE_TEACHER)
    correct_teacher: Ask[wire_teacher.CorrectTeacher, wire_teacher.Teacher] = Ask(wire_teacher.CORRECT_TEACHER)
    employ_teacher: Ask[wire_teacher.EmployTeacher, wire_teacher.Teacher] = Ask(wire_teacher.EMPLOY_TEACHER)
    correct_employment: Ask[wire_teacher.CorrectEmployment, wire_teacher.Teacher] = Ask(wire_teacher.CORRECT_EMPLOYMENT)
    get_teachers: Ask[wire_teacher.GetTeachers, wire_teacher.Teachers] = Ask(wire_teacher.GET_TEACHERS)
    list_teachers: Ask[wire_teacher.ListTeachers, wire_teacher.TeacherPages] = Ask(wire_teacher.LIST_TEACHERS)
    get_public_names: Ask[public_names.GetPublicNames, public_names.PublicNames] = Ask(public_names.GET_PUBLIC_NAMES)
    check_statement: Ask[blind_statement.CheckStatement, blind_statement.StatementChecked] = Ask(
        blind_statement.CHECK_STATEMENT
    )
    set_term: Ask[wire_term.SetTerm, wire_term.Term] = Ask(wire_term.SET_TERM)
    set_calendar_days: Ask[calendar_year.SetCalendarDays, calendar_year.CalendarYear] = Ask(
        calendar_year.SET_CALENDAR_DAYS
    )
    list_calendar_years: Ask[calendar_year.ListCalendarYears, calendar_year.CalendarYears] = Ask(
        calendar_year.LIST_CALENDAR_YEARS
    )
    list_terms: Ask[wire_term.ListTerms, wire_term.Terms] = Ask(wire_term.LIST_TERMS)
    stage_roster: Ask[roster_import.StageRoster, roster_import.RosterStaged] = Ask(roster_import.STAGE_ROSTER)
    check_roster: Ask[roster_import.CheckRoster, roster_import.RosterReport] = Ask(roster_import.CHECK_ROSTER)
    apply_roster: Ask[roster_import.ApplyRoster, roster_import.RosterReport] = Ask(roster_import.APPLY_ROSTER)
    create_area: Ask[area.CreateArea, area.Area] = Ask(area.CREATE_AREA)
    correct_area: Ask[area.CorrectArea, area.Area] = Ask(area.CORRECT_AREA)
    get_areas: Ask[area.GetAreas, area.Areas] = Ask(area.GET_AREAS)
    list_areas: Ask[area.ListAreas, area.Areas] = Ask(area.LIST_AREAS)
    enrol_researcher: Ask[researcher.EnrolResearcher, researcher.Researcher] = Ask(researcher.ENROL_RESEARCHER)
    correct_researcher: Ask[researcher.CorrectResearcher, researcher.Researcher] = Ask(researcher.CORRECT_RESEARCHER)
    end_researcher: Ask[researcher.EndResearcher, researcher.Researcher] = Ask(researcher.END_RESEARCHER)
    record_absence: Ask[researcher.RecordAbsence, researcher.Researcher] = Ask(researcher.RECORD_ABSENCE)
    correct_absence: Ask[researcher.CorrectAbsence, researcher.Researcher] = Ask(researcher.CORRECT_ABSENCE)
    get_researchers: Ask[researcher.GetResearchers, researcher.Researchers] = Ask(researcher.GET_RESEARCHERS)
    list_researchers: Ask[researcher.ListResearchers, researcher.ResearcherPage] = Ask(researcher.LIST_RESEARCHERS)
    form_research_group: Ask[research_group.FormResearchGroup, research_group.ResearchGroup] = Ask(
        research_group.FORM_RESEARCH_GROUP
    )
    correct_research_group: Ask[research_group.CorrectResearchGroup, research_group.ResearchGroup] = Ask(
        research_group.CORRECT_RESEARCH_GROUP
    )
    file_research_group: Ask[research_group.FileResearchGroup, research_group.ResearchGroup] = Ask(
        research_group.FILE_RESEARCH_GROUP
    )
    archive_research_group: Ask[research_group.ArchiveResearchGroup, research_group.ResearchGroup] = Ask(
        research_group.ARCHIVE_RESEARCH_GROUP
    )
    get_research_groups: Ask[research_group.GetResearchGroups, research_group.ResearchGroups] = Ask(
        research_group.GET_RESEARCH_GROUPS
    )
    list_research_groups: Ask[research_group.ListResearchGroups, research_group.ResearchGroupPage] = Ask(
        research_group.LIST_RESEARCH_GROUPS
    )
    set_up_leading_group: Ask[leading_group.SetUpLeadingGroup, leading_group.LeadingGroup] = Ask(
        leading_group.SET_UP_LEADING_GROUP
    )
    correct_leading_group: Ask[leading_group.CorrectLeadingGroup, leading_group.LeadingGroup] = Ask(
        leading_group.CORRECT_LEADING_GROUP
    )
    get_leading_groups: Ask[leading_group.GetLeadingGroups, leading_group.LeadingGroups] = Ask(
        leading_group.GET_LEADING_GROUPS
    )
    list_leading_groups: Ask[leading_group.ListLeadingGroups, leading_group.LeadingGroupPage] = Ask(
        leading_group.LIST_LEADING_GROUPS
    )
    undo_roster: Ask[roster_import.UndoRoster, roster_import.RosterUndone] = Ask(roster_import.UNDO_ROSTER)

    schedule_session: Ask[attendance.ScheduleSession, attendance.SessionScheduled] = Ask(attendance.SCHEDULE_SESSION)
    correct_session: Ask[attendance.CorrectSession, attendance.SessionScheduled] = Ask(attendance.CORRECT_SESSION)
    cancel_session: Ask[attendance.CancelSession, attendance.Session] = Ask(attendance.CANCEL_SESSION)
    close_session: Ask[attendance.CloseSession, attendance.Session] = Ask(attendance.CLOSE_SESSION)
    get_sessions: Ask[attendance.GetSessions, attendance.Sessions] = Ask(attendance.GET_SESSIONS)
    list_sessions: Ask[attendance.ListSessions, attendance.SessionPage] = Ask(attendance.LIST_SESSIONS)
    issue_check_in: Ask[attendance.IssueCheckIn, attendance.CheckInIssued] = Ask(attendance.ISSUE_CHECK_IN)
    check_in: Ask[attendance.CheckIn, attendance.AttendanceTaken] = Ask(attendance.CHECK_IN)
    check_out: Ask[attendance.CheckOut, attendance.AttendanceTaken] = Ask(attendance.CHECK_OUT)
    settle_attendance: Ask[attendance.SettleAttendance, attendance.AttendanceTaken] = Ask(attendance.SETTLE_ATTENDANCE)
    list_attendance: Ask[attendance.ListAttendance, attendance.AttendancePages] = Ask(attendance.LIST_ATTENDANCE)
    register_attended: Ask[attendance.RegisterAttended, attendance.AttendedRegistered] = Ask(
        attendance.REGISTER_ATTENDED
    )

    receive_transfer: Ask[transfer.ReceiveTransfer, transfer.TransferReceived] = Ask(transfer.RECEIVE_TRANSFER)
    decide_transfer_item: Ask[transfer.DecideTransferItem, transfer.TransferItemDecided] = Ask(
        transfer.DECIDE_TRANSFER_ITEM
    )
    get_transfers: Ask[transfer.GetTransfers, transfer.Transfers] = Ask(transfer.GET_TRANSFERS)
    list_transfers: Ask[transfer.ListTransfers, transfer.TransferPage] = Ask(transfer.LIST_TRANSFERS)

    propose_project: Ask[wire_credits.ProposeProject, wire_credits.Project] = Ask(wire_credits.PROPOSE_PROJECT)
    decide_project: Ask[wire_credits.DecideProject, wire_credits.Project] = Ask(wire_credits.DECIDE_PROJECT)
    get_projects: Ask[wire_credits.GetProjects, wire_credits.Projects] = Ask(wire_credits.GET_PROJECTS)
    list_projects: Ask[wire_credits.ListProjects, wire_credits.ProjectPage] = Ask(wire_credits.LIST_PROJECTS)
    register_training: Ask[wire_credits.RegisterTraining, wire_credits.TrainingRegistered] = Ask(
        wire_credits.REGISTER_TRAINING
    )
    get_records: Ask[wire_credits.GetRecords, wire_credits.Records] = Ask(wire_credits.GET_RECORDS)
    list_records: Ask[wire_credits.ListRecords, wire_credits.RecordPages] = Ask(wire_credits.LIST_RECORDS)
    get_totals: Ask[wire_credits.GetTotals, wire_credits.Totals] = Ask(wire_credits.GET_TOTALS)
    get_standings: Ask[wire_credits.GetStandings, wire_credits.Standings] = Ask(wire_credits.GET_STANDINGS)
    list_shortfalls: Ask[standings.ListShortfalls, standings.ShortfallPage] = Ask(standings.LIST_SHORTFALLS)
    summarise_shortfalls: Ask[standings.SummariseShortfalls, standings.ShortfallSummary] = Ask(
        standings.SUMMARISE_SHORTFALLS
    )
    list_school_ratios: Ask[standings.ListSchoolRatios, standings.SchoolRatioPage] = Ask(standings.LIST_SCHOOL_RATIOS)
    announce_school_ratios: Ask[announced_ratios.AnnounceSchoolRatios, announced_ratios.SchoolRatiosAnnounced] = Ask(
        announced_ratios.ANNOUNCE_SCHOOL_RATIOS
    )
    list_announced_ratios: Ask[announced_ratios.ListAnnouncedRatios, announced_ratios.AnnouncedRatioPage] = Ask(
        announced_ratios.LIST_ANNOUNCED_RATIOS
    )
    list_entries: Ask[wire_credits.ListEntries, wire_credits.EntryPage] = Ask(wire_credits.LIST_ENTRIES)
    verify_ledger: Ask[wire_credits.VerifyLedger, wire_credits.LedgerVerified] = Ask(wire_credits.VERIFY_LEDGER)

    reverse_record: Ask[books.ReverseRecord, books.RecordReversed] = Ask(books.REVERSE_RECORD)
    correct_training: Ask[books.CorrectTraining, books.TrainingCorrected] = Ask(books.CORRECT_TRAINING)
    reverse_recognition: Ask[books.ReverseRecognition, books.RecognitionReversed] = Ask(books.REVERSE_RECOGNITION)
    void_for_fraud: Ask[books.VoidForFraud, books.RecordVoided] = Ask(books.VOID_FOR_FRAUD)
    list_integrity: Ask[books.ListIntegrity, books.IntegrityPage] = Ask(books.LIST_INTEGRITY)
    lock_period: Ask[books.LockPeriod, books.PeriodLock] = Ask(books.LOCK_PERIOD)
    unlock_period: Ask[books.UnlockPeriod, books.PeriodLock] = Ask(books.UNLOCK_PERIOD)
    list_locks: Ask[books.ListLocks, books.PeriodLockPage] = Ask(books.LIST_LOCKS)
    sign_head: Ask[books.SignHead, books.SignedHead] = Ask(books.SIGN_HEAD)
    list_heads: Ask[books.ListHeads, books.SignedHeadPage] = Ask(books.LIST_HEADS)
    prove_consistency: Ask[books.ProveConsistency, books.ConsistencyProof] = Ask(books.PROVE_CONSISTENCY)
    get_ledger_keys: Ask[books.GetLedgerKeys, books.LedgerKeys] = Ask(books.GET_LEDGER_KEYS)
    get_transcript: Ask[books.GetTranscript, books.Transcript] = Ask(books.GET_TRANSCRIPT)

    open_process: Ask[workflow.OpenProcess, workflow.ProcessMovedOn] = Ask(workflow.OPEN_PROCESS)
    take_step: Ask[workflow.TakeStep, workflow.ProcessMovedOn] = Ask(workflow.TAKE_STEP)
    take_steps: Ask[workflow.TakeSteps, wire_jobs.Job] = Ask(workflow.TAKE_STEPS)
    take_back_recognition: Ask[workflow.TakeBackRecognition, workflow.ProcessMovedOn] = Ask(
        workflow.TAKE_BACK_RECOGNITION
    )
    return_process: Ask[workflow.ReturnProcess, workflow.ProcessMovedOn] = Ask(workflow.RETURN_PROCESS)
    delegate_steps: Ask[workflow.DelegateSteps, process.Delegation] = Ask(workflow.DELEGATE_STEPS)
    end_delegation: Ask[workflow.EndDelegation, process.Delegation] = Ask(workflow.END_DELEGATION)
    raise_objection: Ask[workflow.RaiseObjection, workflow.ObjectionAnswered] = Ask(workflow.RAISE_OBJECTION)
    settle_objection: Ask[workflow.SettleObjection, workflow.ObjectionAnswered] = Ask(workflow.SETTLE_OBJECTION)
    get_processes: Ask[workflow.GetProcesses, workflow.Processes] = Ask(workflow.GET_PROCESSES)
    list_processes: Ask[workflow.ListProcesses, workflow.ProcessPage] = Ask(workflow.LIST_PROCESSES)
    list_tasks: Ask[workflow.ListTasks, workflow.Tasks] = Ask(workflow.LIST_TASKS)
    get_public_lists: Ask[workflow.GetPublicLists, workflow.PublicLists] = Ask(workflow.GET_PUBLIC_LISTS)
    list_delegations: Ask[workflow.ListDelegations, workflow.Delegations] = Ask(workflow.LIST_DELEGATIONS)
    list_notices: Ask[workflow.ListNotices, workflow.NoticePage] = Ask(workflow.LIST_NOTICES)
    get_record_states: Ask[workflow.GetRecordStates, workflow.RecordStates] = Ask(workflow.GET_RECORD_STATES)
    list_workflows: Ask[workflow.ListWorkflows, workflow.Workflows] = Ask(workflow.LIST_WORKFLOWS)
    verify_signatures: Ask[workflow.VerifySignatures, workflow.SignaturesVerified] = Ask(workflow.VERIFY_SIGNATURES)

    get_jobs: Ask[wire_jobs.GetJobs, wire_jobs.Jobs] = Ask(wire_jobs.GET_JOBS)
    list_jobs: Ask[wire_jobs.ListJobs, wire_jobs.JobPage] = Ask(wire_jobs.LIST_JOBS)
    start_job: Ask[wire_jobs.StartJob, wire_jobs.Job] = Ask(wire_jobs.START_JOB)
    cancel_job: Ask[wire_jobs.CancelJob, wire_jobs.Job] = Ask(wire_jobs.CANCEL_JOB)
    preview_policy: Ask[wire_policy.PreviewPolicy, wire_policy.Preview] = Ask(wire_policy.PREVIEW_POLICY)
    adopt_policy: Ask[wire_policy.AdoptPolicy, wire_policy.Preview] = Ask(wire_policy.ADOPT_POLICY)
    get_previews: Ask[wire_policy.GetPreviews, wire_policy.Previews] = Ask(wire_policy.GET_PREVIEWS)
    list_previews: Ask[wire_policy.ListPreviews, wire_policy.PreviewPage] = Ask(wire_policy.LIST_PREVIEWS)
    get_preview_lines: Ask[wire_policy.GetPreviewLines, wire_policy.PreviewLinePages] = Ask(
        wire_policy.GET_PREVIEW_LINES
    )
    get_previewed_records: Ask[wire_policy.GetPreviewedRecords, wire_policy.PreviewedRecordPages] = Ask(
        wire_policy.GET_PREVIEWED_RECORDS
    )
    summarise_previews: Ask[wire_policy.SummarisePreviews, wire_policy.PreviewSummaries] = Ask(
        wire_policy.SUMMARISE_PREVIEWS
    )

    plan_visit: Ask[visiting.PlanVisit, visiting.VisitNoted] = Ask(visiting.PLAN_VISIT)
    prepare_visit: Ask[visiting.PrepareVisit, visiting.VisitNoted] = Ask(visiting.PREPARE_VISIT)
    arrive_at_school: Ask[visiting.ArriveAtSchool, visiting.VisitNoted] = Ask(visiting.ARRIVE_AT_SCHOOL)
    leave_school: Ask[visiting.LeaveSchool, visiting.VisitNoted] = Ask(visiting.LEAVE_SCHOOL)
    cancel_visit: Ask[visiting.CancelVisit, visiting.VisitNoted] = Ask(visiting.CANCEL_VISIT)
    get_visits: Ask[visiting.GetVisits, visiting.Visits] = Ask(visiting.GET_VISITS)
    list_visits: Ask[visiting.ListVisits, visiting.VisitPage] = Ask(visiting.LIST_VISITS)
    list_notes: Ask[noting.ListNotes, noting.Notes] = Ask(visiting.LIST_NOTES)
    record_work: Ask[field_records.RecordWork, field_records.RecordNoted] = Ask(field_records.RECORD_WORK)
    comment_on_lesson: Ask[field_records.CommentOnLesson, field_records.RecordNoted] = Ask(
        field_records.COMMENT_ON_LESSON
    )
    withdraw_record: Ask[field_records.WithdrawRecord, field_records.RecordNoted] = Ask(field_records.WITHDRAW_RECORD)
    get_field_records: Ask[field_records.GetFieldRecords, field_records.FieldRecords] = Ask(
        field_records.GET_FIELD_RECORDS
    )
    list_field_records: Ask[field_records.ListFieldRecords, field_records.FieldRecordPage] = Ask(
        field_records.LIST_FIELD_RECORDS
    )
    draft_form: Ask[forms.DraftForm, forms.Form] = Ask(forms.DRAFT_FORM)
    publish_form: Ask[forms.PublishForm, forms.Form] = Ask(forms.PUBLISH_FORM)
    get_forms: Ask[forms.GetForms, forms.Forms] = Ask(forms.GET_FORMS)
    list_forms: Ask[forms.ListForms, forms.Forms] = Ask(forms.LIST_FORMS)
    record_finding: Ask[findings.RecordFinding, findings.FindingNoted] = Ask(findings.RECORD_FINDING)
    change_finding: Ask[findings.ChangeFinding, findings.FindingNoted] = Ask(findings.CHANGE_FINDING)
    report_remedy: Ask[findings.ReportRemedy, findings.FindingNoted] = Ask(findings.REPORT_REMEDY)
    recheck_finding: Ask[findings.RecheckFinding, findings.FindingNoted] = Ask(findings.RECHECK_FINDING)
    withdraw_finding: Ask[findings.WithdrawFinding, findings.FindingNoted] = Ask(findings.WITHDRAW_FINDING)
    get_findings: Ask[findings.GetFindings, findings.Findings] = Ask(findings.GET_FINDINGS)
    list_findings: Ask[findings.ListFindings, findings.FindingPage] = Ask(findings.LIST_FINDINGS)
    list_findings_by_source: Ask[findings.ListFindingsBySource, findings.FindingsBySource] = Ask(
        findings.LIST_FINDINGS_BY_SOURCE
    )
    get_term_work: Ask[term_work.GetTermWork, term_work.TermWork] = Ask(term_work.GET_TERM_WORK)
    draft_figures: Ask[term_work.DraftFigures, term_work.Draft] = Ask(term_work.DRAFT_FIGURES)
    get_term_minima: Ask[minima.GetTermMinima, minima.TermMinima] = Ask(minima.GET_TERM_MINIMA)
    list_term_minima: Ask[minima.ListTermMinima, minima.TermMinimaPage] = Ask(minima.LIST_TERM_MINIMA)
    list_coverage: Ask[coverage.ListCoverage, coverage.CoveragePage] = Ask(coverage.LIST_COVERAGE)
    list_work_assessments: Ask[work_assessment.ListWorkAssessments, work_assessment.WorkAssessmentPage] = Ask(
        work_assessment.LIST_WORK_ASSESSMENTS
    )
    list_school_organisations: Ask[organisation.ListSchoolOrganisations, organisation.SchoolOrganisationPage] = Ask(
        organisation.LIST_SCHOOL_ORGANISATIONS
    )
    get_differences: Ask[term_work.GetDifferences, term_work.Differences] = Ask(term_work.GET_DIFFERENCES)

    draft_rotation_plan: Ask[rotation_plan.DraftRotationPlan, rotation_plan.RotationPlan] = Ask(
        rotation_plan.DRAFT_ROTATION_PLAN
    )
    revise_rotation_plan: Ask[rotation_plan.ReviseRotationPlan, rotation_plan.RotationPlan] = Ask(
        rotation_plan.REVISE_ROTATION_PLAN
    )
    redraft_rotation_plan: Ask[rotation_plan.RedraftRotationPlan, rotation_plan.RotationPlan] = Ask(
        rotation_plan.REDRAFT_ROTATION_PLAN
    )
    start_planning: Ask[rotation_plan.StartPlanning, rotation_plan.RotationPlan] = Ask(rotation_plan.START_PLANNING)
    cancel_planning: Ask[rotation_plan.CancelPlanning, rotation_plan.RotationPlan] = Ask(rotation_plan.CANCEL_PLANNING)
    adopt_rotation_plan: Ask[rotation_plan.AdoptRotationPlan, rotation_plan.RotationPlan] = Ask(
        rotation_plan.ADOPT_ROTATION_PLAN
    )
    get_rotation_plans: Ask[rotation_plan.GetRotationPlans, rotation_plan.RotationPlans] = Ask(
        rotation_plan.GET_ROTATION_PLANS
    )
    get_contents_of_plans: Ask[rotation_plan.GetContentsOfPlans, rotation_plan.ContentsOfPlans] = Ask(
        rotation_plan.GET_CONTENTS_OF_PLANS
    )
    list_rotation_plans: Ask[rotation_plan.ListRotationPlans, rotation_plan.RotationPlanPage] = Ask(
        rotation_plan.LIST_ROTATION_PLANS
    )
    appoint_team: Ask[supervision.AppointTeam, supervision.SupervisionTeam] = Ask(supervision.APPOINT_TEAM)
    list_teams: Ask[supervision.ListTeams, supervision.SupervisionTeamPage] = Ask(supervision.LIST_TEAMS)
    commit_draw: Ask[supervision.CommitDraw, supervision.SupervisionDraw] = Ask(supervision.COMMIT_DRAW)
    reveal_draw: Ask[supervision.RevealDraw, supervision.SupervisionDraw] = Ask(supervision.REVEAL_DRAW)
    get_draws: Ask[supervision.GetDraws, supervision.SupervisionDraws] = Ask(supervision.GET_DRAWS)
    list_draws: Ask[supervision.ListDraws, supervision.SupervisionDrawPage] = Ask(supervision.LIST_DRAWS)
    schedule_inspection: Ask[supervision.ScheduleInspection, supervision.Inspection] = Ask(
        supervision.SCHEDULE_INSPECTION
    )
    schedule_regular_inspections: Ask[
        regular_inspections.ScheduleRegularInspections, regular_inspections.RegularInspectionsScheduled
    ] = Ask(regular_inspections.SCHEDULE_REGULAR_INSPECTIONS)
    report_inspection: Ask[supervision.ReportInspection, supervision.Inspection] = Ask(supervision.REPORT_INSPECTION)
    cancel_inspection: Ask[supervision.CancelInspection, supervision.Inspection] = Ask(supervision.CANCEL_INSPECTION)
    get_inspections: Ask[supervision.GetInspections, supervision.Inspections] = Ask(supervision.GET_INSPECTIONS)
    list_inspections: Ask[supervision.ListInspections, supervision.InspectionPage] = Ask(supervision.LIST_INSPECTIONS)
    get_supervision_standing: Ask[supervision.GetSupervisionStanding, supervision.SupervisionStanding] = Ask(
        supervision.GET_SUPERVISION_STANDING
    )
    open_award_year: Ask[awards.OpenAwardYear, awards.AwardYear] = Ask(awards.OPEN_AWARD_YEAR)
    set_award_rules: Ask[awards.SetAwardRules, awards.AwardYear] = Ask(awards.SET_AWARD_RULES)
    start_scoring: Ask[awards.StartScoring, awards.AwardYear] = Ask(awards.START_SCORING)
    rank_awards: Ask[awards.RankAwards, awards.AwardYear] = Ask(awards.RANK_AWARDS)
    close_award_year: Ask[awards.CloseAwardYear, awards.AwardYear] = Ask(awards.CLOSE_AWARD_YEAR)
    get_award_years: Ask[awards.GetAwardYears, awards.AwardYears] = Ask(awards.GET_AWARD_YEARS)
    nominate: Ask[awards.Nominate, awards.Nomination] = Ask(awards.NOMINATE)
    publish_awards: Ask[awards.PublishAwards, awards.AwardsPublished] = Ask(awards.PUBLISH_AWARDS)
    confirm_award: Ask[awards.ConfirmAward, awards.Nomination] = Ask(awards.CONFIRM_AWARD)
    get_nominations: Ask[awards.GetNominations, awards.Nominations] = Ask(awards.GET_NOMINATIONS)
    list_nominations: Ask[awards.ListNominations, awards.NominationPage] = Ask(awards.LIST_NOMINATIONS)
    appoint_reviewer: Ask[awards.AppointReviewer, awards.AwardReviewer] = Ask(awards.APPOINT_REVIEWER)
    declare_conflict: Ask[awards.DeclareConflict, awards.AwardReviewer] = Ask(awards.DECLARE_CONFLICT)
    list_reviewers: Ask[awards.ListReviewers, awards.AwardReviewers] = Ask(awards.LIST_REVIEWERS)
    list_review_items: Ask[awards.ListReviewItems, awards.ReviewItems] = Ask(awards.LIST_REVIEW_ITEMS)
    score_nomination: Ask[awards.ScoreNomination, awards.NominationScored] = Ask(awards.SCORE_NOMINATION)
    raise_award_objection: Ask[awards.RaiseAwardObjection, awards.AwardObjection] = Ask(awards.RAISE_AWARD_OBJECTION)
    withdraw_nomination: Ask[award_endings.WithdrawNomination, awards.Nomination] = Ask(
        award_endings.WITHDRAW_NOMINATION
    )
    revoke_award: Ask[award_endings.RevokeAward, awards.Nomination] = Ask(award_endings.REVOKE_AWARD)
    list_award_objections: Ask[award_endings.ListAwardObjections, award_endings.AwardObjectionPage] = Ask(
        award_endings.LIST_AWARD_OBJECTIONS
    )
    settle_award_objection: Ask[awards.SettleAwardObjection, awards.AwardObjection] = Ask(awards.SETTLE_AWARD_OBJECTION)
    open_competition: Ask[competition.OpenCompetition, competition.Competition] = Ask(competition.OPEN_COMPETITION)
    enter_competition: Ask[competition.EnterCompetition, competition.Competition] = Ask(competition.ENTER_COMPETITION)
    record_round: Ask[competition.RecordRound, competition.Competition] = Ask(competition.RECORD_ROUND)
    list_competitions: Ask[competition.ListCompetitions, competition.CompetitionPage] = Ask(
        competition.LIST_COMPETITIONS
    )
    get_rotation: Ask[competition.GetRotation, competition.Rotation] = Ask(competition.GET_ROTATION)
    list_rule_packs: Ask[rules.ListRulePacks, rules.RulePacks] = Ask(rules.LIST_RULE_PACKS)
    get_rule_packs: Ask[rules.GetRulePacks, rules.RulePacks] = Ask(rules.GET_RULE_PACKS)
    get_clause: Ask[rules.GetClause, rules.ClauseFound] = Ask(rules.GET_CLAUSE)
    get_clauses: Ask[rules.GetClauses, rules.Clauses] = Ask(rules.GET_CLAUSES)
    list_examples: Ask[rules.ListExamples, rules.ExamplePage] = Ask(rules.LIST_EXAMPLES)
    compare_rule_packs: Ask[rules.CompareRulePacks, rules.RulePacksCompared] = Ask(rules.COMPARE_RULE_PACKS)
    try_decision: Ask[rules.TryDecision, rules.DecisionTried] = Ask(rules.TRY_DECISION)
    try_training: Ask[rules.TryTraining, rules.TrainingTried] = Ask(rules.TRY_TRAINING)
    get_residencies: Ask[residency.GetResidencies, residency.Residencies] = Ask(residency.GET_RESIDENCIES)
    list_residencies: Ask[residency.ListResidencies, residency.ResidencyPage] = Ask(residency.LIST_RESIDENCIES)
