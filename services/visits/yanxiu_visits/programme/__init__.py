"""What schools set up and reach: groups and their filing, leading groups, themes, and the base schools' targets."""
