"""Verdicts of the law's kind on a verified proof: what a policy, written in a file, asks of it.

A proof that holds is judged by conditions (:class:`traceledger.proofs.verify.policy.Policy`) and by
questions that need more than a number. Each question says why it refuses, what it found, and **what it does
not prove**, which is shown as prominently as the verdict. docs/policies.md has the format of the file, and
the examples that are shipped beside (``traceledger/proofs/policies``).

====================  ==========================================================================
``policy_file``       reads a policy, and says what is wrong with one by line and key; its questions:
                      ``policy_questions``
``article_8``         recycled content by Article 8 of Regulation (EU) 2023/1542
``chain``             hand-overs without a gap, with papers
``region``            nothing made in a region
``listed``            nobody of a list of entities took part; the list: ``entity_list``
``assistance``        shares by country and company of origin, and the material assistance cost ratio
``packet``            all of it as a folder for a customs broker
====================  ==========================================================================

Example:
    >>> from traceledger.proofs.verdicts.policy_file import shipped
    >>> shipped()[0]
    'eu-battery-regulation-article-8-2031'
"""
