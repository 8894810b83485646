"""A pytest plug-in that collects the cases of rule packs."""
