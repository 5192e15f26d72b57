"""The JSON of everything that is shown: what commands print under ``--json``, and pages and APIs answer with.

Each function takes what was read or computed and gives values that ``json.dumps`` takes. Nothing is computed
here, and nothing printed. Integers that can pass 2^53 are decimal strings; amounts are milligrams, their
fields end in ``_mg``; times are UTC seconds; ids, addresses and hashes are hexadecimal text.

=====================  ==========================================================================
``batches``            a batch and its history; batches as a list
``explored``           of the explorer: a batch with all behind its figures, choices of a list
``events``             one event, decoded and as the chain has it
``searched``           what a search found
``dossiers``           all about a company, a site, a material, a shipment
``known``              names of many things, read at once
``traces``             a trace, a footprint; what came of a batch, or of what a finding is about
``lineage``            the batches and steps of a lineage
``graphs``             a lineage as what it can be drawn from
``declarations``       the Product Sustainability Declaration
``registry``           participants and their standing, facilities, materials
``assurance``          assessments, documents on record, requirements, findings
``audits``             an audit's report
``emissions``          emissions by year
``recycled``           recycled content of batteries, by model and plant
``blocks``             blocks, their events, and how far a server is
``shipments``          shipments and what was answered
``proofs``             a verified proof, and what was exported, redacted, witnessed
``networks``           networks, their nodes and contracts
``recorded``           what was recorded: an operation, a file of them; transactions that were only signed
``plans``              what operations would do
``consortium``         the nodes, validators and accounts of a consortium's own network
``program``            the pages and scripts that come with the program
``machine``            keys, index and outbox of this machine; files of signed transactions
``tokens``             tokens of a server
``flat``               rows of lists for spreadsheets
``disclosed``          which private texts a document discloses
=====================  ==========================================================================

Example:
    >>> from traceledger.documents.values import amounts
    >>> amounts({27: 10**17})
    {'Co': '100000000000000000'}
"""
