"""What a district's rule pack is written against."""
