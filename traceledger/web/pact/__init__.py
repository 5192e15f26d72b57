"""The PACT API, version 3, as a data owner and as a recipient of events (Technical Specifications 3.0.3).

``endpoints.py``
    the table: discovery and token, ``/3/footprints``, ``/3/footprints/{id}``, ``/3/events``.
``views.py``, ``token_view.py``
    what each answers; ``style.py`` how errors are said.
``register.py``
    every footprint that was given away, as it was.
``partners.py``
    who may ask by events, and where the answer goes: the operator's file, never what an event says.
``outbox.py``, ``messenger.py``
    answers that are not delivered yet, and what delivers them.
``journal.py``
    the events that came and went.
``service.py``
    what of all this a server has one of.
"""
