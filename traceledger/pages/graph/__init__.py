"""The lineage of a batch as a picture: grouped by where batches were made, laid out, and cut into slices.

A lineage of 10,000 batches is read by its groups first: what one place made in one stage of life. A group
that is opened shows its batches in its place, and what stands left of it or above it does not move. Whatever
is made of something stands to the right of it, so that time runs from left to right. All of it is a pure
function of the document (:mod:`traceledger.documents.graphs`): the same lineage is drawn the same everywhere.

===============  ===================================================================================
``values``       batches and runs that go in; boxes and lines that come out
``reading``      items from the document, by facility, company, country or stage
``grouping``     which items are one group, so that no group is before and after another one
``columns``      in which column a group stands, in which order, and how high
``inside``       the batches of an opened group
``layout``       all of it together
``slices``       a layout as documents of bounded size
===============  ===================================================================================

Example:
    >>> from traceledger.pages.graph.layout import layout
    >>> from traceledger.pages.graph.values import Item
    >>> mine, refinery = ("kolwezi", "mining"), ("kokkola", "refining")
    >>> items = [Item("KOL-1", mine), Item("KOL-2", mine), Item("COS-1", refinery, parents=(0, 1))]
    >>> [(box.kind.value, box.column, box.members) for box in layout(items).boxes]
    [('group', 0, 2), ('group', 1, 1)]
"""
