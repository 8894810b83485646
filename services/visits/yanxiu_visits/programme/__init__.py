"""What schools set up: research groups and their filing, leading groups; held against the law as of a day."""
