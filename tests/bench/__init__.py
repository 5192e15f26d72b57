"""What ``scripts/bench`` measures: a module a section, each figure beside a peer or floor of the same run.

``figures`` is what sections yield, ``timing`` how they measure, ``child`` what is measured in a process of
its own, ``prepared`` the chains and indexes that they share, ``report`` writes tables and ``charts``
pictures.
"""
