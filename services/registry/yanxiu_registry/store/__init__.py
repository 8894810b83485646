"""Reading and writing the registry's rows: SQL stands here and nowhere else."""
