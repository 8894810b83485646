"""The fence: what a rule pack does wrong stays in its own district, because each district is judged in its own process.

The main process of a service keeps the endpoints, the relay and the follower of the registry; a `Fence` hands each
request to the cell of its district. A cell is a process, forked from a clean parent, that opens one district's data and
loads the packs it is bound to (docs/adr/0021).
"""
