"""Work on a whole district, cut into parts that the replicas of this service share."""
