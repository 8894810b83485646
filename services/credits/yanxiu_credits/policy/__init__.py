"""A change of law seen before it is made: previews on the district's own data, and their adoption."""
