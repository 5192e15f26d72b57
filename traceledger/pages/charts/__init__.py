"""Pictures of documents: geometry as plain values, drawn as SVG by a few templates.

A picture is a function of a document, as ``--json`` prints it, of a language and of a layout; its numbers
are those of the document. Each has a twin that gives the same numbers as the rows of a table, where nothing
is cut or summed.

=================  ==================================================================================
``waterfall``      a footprint by life-cycle stage, own and inherited apart
``bars``           a footprint by place or process; origins by country; any shares
``recycled``       recycled content beside the legal minimum
``emissions``      emissions of a year by group, beside earlier years and a target
``differences``    booked differences over time
``lineage``        what a batch was made of, or what was made of it
``..map.journey``  where a substance has been
``figure``         a picture in a page: wide, narrow, and as a table
``svg``            a picture as SVG, in a page or as a file
``marks``          what pictures are made of
``rows``           bars below each other; ``compose`` puts them together, ``lettering`` measures text
=================  ==================================================================================

Example:
    >>> from traceledger.pages.charts.differences import differences
    >>> from traceledger.pages.charts.svg import svg
    >>> from traceledger.languages import ENGLISH
    >>> print(svg(differences([], ENGLISH), ENGLISH).splitlines()[2])
    <desc id="differences-desc">No difference was booked.</desc>
"""
