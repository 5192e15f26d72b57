"""Which tests run where, in one place: beside the others, left out of the quick run, over and over, together.

An entry is the beginning of a test's id. Whoever adds a test that waits or takes seconds adds it here.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadGroupScheduling

WAITING = (
    "tests/network/test_faults.py::test_the_client_is_killed",
    "tests/network/test_faults.py",
    "tests/network/test_engines.py",
    "tests/network/test_operating.py",
    "tests/network/test_readme_administrator.py",
    "tests/contracts/test_artifacts.py::test_solidity_tests",
    "tests/network/test_running.py",
    "tests/sending/test_discarding.py",
    "tests/sending/test_failover.py",
    "tests/test_installed.py",
    "tests/private/test_private_network.py",
    "tests/contracts/test_artifacts.py::test_artifacts_match",
    "tests/network/test_proving.py",
    "tests/network/test_accounts.py",
    "tests/network/test_endpoints.py",
    "tests/network/test_sending.py",
    "tests/network/test_governing.py",
    "tests/network/test_forked_start.py",
    "tests/network/test_whole_table.py",
    "tests/sending/test_waiting_for_final.py",
    "tests/sending/test_faults_of_sending.py",
)
"""They mostly wait for nodes and other programs: more of them run side by side than there are processors.

They begin in this order, the longest first. xdist gives each worker a second one in advance, which waits for
the first: so short ones follow on the six long ones.
"""

SLOW = (
    "tests/audit/test_real_chain.py::test_real_and_told",
    "tests/browser/",
    "tests/chain/test_anvil_equal.py",
    "tests/chain/test_concurrency.py",
    "tests/chain/test_embedded_system.py",
    "tests/chain/test_geth_dev.py",
    "tests/chain/test_limits.py",
    "tests/chain/test_node.py::test_signals",
    "tests/cli/test_completion.py::test_every_name",
    "tests/cli/test_endings.py",
    "tests/cli/test_hostile_names.py",
    "tests/chain/test_node_clients.py",
    "tests/chain/test_node_fuzz.py",
    "tests/chain/test_rpc.py",
    "tests/cli/test_key_life.py",
    "tests/cli/test_keys.py",
    "tests/cli/test_lists.py",
    "tests/cli/test_node.py",
    "tests/cli/test_output.py::test_another_encoding",
    "tests/cli/test_output.py::test_interrupted",
    "tests/cli/test_output.py::test_no_colours",
    "tests/cli/test_pictures.py",
    "tests/cli/test_writing.py",
    "tests/contracts/test_gas.py",
    "tests/desk/",
    "tests/fuzz/test_targets.py",
    "tests/interop/test_amounts.py::test_no_amount_is_read_as_another",
    "tests/interop/epcis/test_capture.py",
    "tests/interop/epcis/test_capture_rules.py",
    "tests/interop/epcis/test_not_twice.py",
    "tests/interop/epcis/test_round_trips.py",
    "tests/interop/passport/",
    "tests/index/test_reorg.py::test_a_long_random_life",
    "tests/index/test_reorg.py::test_after_any",
    "tests/index/test_sync.py::test_killed",
    "tests/index/test_sync.py::test_two_processes",
    "tests/private/test_private.py::test_killed",
    "tests/pages/test_declaration_page.py",
    "tests/proofs/test_commands.py",
    "tests/proofs/test_hostile.py",
    "tests/proofs/test_large.py",
    "tests/proofs/test_second_verifier.py",
    "tests/proofs/test_tampering.py",
    "tests/proofs/test_verifying.py::test_every_receipt",
    "tests/provenance/test_downstream.py::test_steps_and_events",
    "tests/provenance/test_sources.py",
    "tests/provenance/test_trace.py",
    "tests/scale/test_counts.py",
    "tests/scale/test_scale.py::test_logs",
    "tests/sending/test_deploy.py",
    "tests/sending/test_offline.py",
    "tests/sending/test_submit.py",
    "tests/signing/test_key_files.py",
    "tests/test_broken_chains.py",
    "tests/test_demo.py",
    "tests/test_life_machine.py",
    "tests/test_installed.py",
    "tests/test_package.py",
    "tests/test_random_chains.py",
    "tests/test_readme.py",
    "tests/test_state_machine.py",
    "tests/web/",
)
"""They take seconds: ``scripts/test --quick`` leaves them out, and the waiting ones."""

RACES = (
    "tests/chain/test_concurrency.py",
    "tests/chain/test_geth_dev.py",
    "tests/chain/test_limits.py",
    "tests/chain/test_node.py::test_signals",
    "tests/cli/test_endings.py",
    "tests/cli/test_hostile_names.py",
    "tests/chain/test_rpc.py::TestSeveralEndpoints",
    "tests/chain/test_rpc.py::test_stalled_mining_is_nudged",
    "tests/cli/test_keys.py",
    "tests/cli/test_node.py",
    "tests/cli/test_output.py::test_a_reader_that_went_away",
    "tests/cli/test_output.py::test_interrupted",
    "tests/index/test_sync.py::test_killed",
    "tests/index/test_sync.py::test_two_processes",
    "tests/network/test_processes.py",
    "tests/private/test_private.py::test_killed",
    "tests/private/test_private_network.py",
    "tests/sending/test_discarding.py",
    "tests/sending/test_failover.py",
    "tests/sending/test_faults_of_sending.py",
    "tests/sending/test_offline.py::test_two_processes",
    "tests/sending/test_submit.py::test_killed",
    "tests/sending/test_submit.py::test_two_at_once",
    "tests/sending/test_submit.py::test_while_another_sends",
    "tests/desk/test_going_on.py",
    "tests/sending/test_waiting_for_final.py",
    "tests/storage/test_locks.py",
    "tests/web/test_surviving.py",
)
"""They wait, kill or race: ``scripts/test --repeat 50 -m races`` shows that they do not depend on speed.

Those of real validators (``tests/network``) do so too, and take minutes each: repeat them by their names.
"""

TOGETHER = {
    "tests/audit/test_real_chain.py": "real chain",
    "tests/proofs/": "proofs",
    "tests/web/test_api.py": "web 1",
    "tests/web/test_described.py": "web 1",
    "tests/web/test_http.py": "web 2",
    "tests/web/test_pact.py": "web 3",
    "tests/web/test_epcis.py": "web 2",
    "tests/interop/epcis/test_round_trips.py": "round trips",
    "tests/web/test_tls.py": "web 3",
    "tests/interop/pact/": "pact",
    "tests/interop/test_carbon.py": "web 3",
    "tests/network/test_faults.py::test_the_client_is_killed": "network 1",
    "tests/network/test_faults.py": "network 2",
    "tests/network/test_engines.py": "network 3",
    "tests/network/test_proving.py": "network 3",
    "tests/network/test_accounts.py": "network 3",
    "tests/network/test_running.py": "network 4",
    "tests/network/test_endpoints.py": "network 4",
    "tests/network/test_sending.py": "network 4",
    "tests/network/test_whole_table.py": "whole table",
    "tests/test_installed.py": "installed",
    "tests/browser/": "browser",
    "tests/interop/passport/": "passport",
    "tests/pages/test_declaration_page.py": "declaration page",
    "tests/test_broken_chains.py": "broken chains",
    "tests/test_demo.py": "demo",
    "tests/test_the_year.py": "year",
}
"""What shares a ledger, a network of validators, an installation, or a browser: one worker runs all of such a
group, so that there are few of them."""

LANES = ("computing", "waiting")
"""The parts of a whole run, each a pytest with workers of its own, side by side."""


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is listed here, and leave out what the options leave out."""
    lane, quick = config.getoption("--lane"), config.getoption("--quick")
    kept: list[pytest.Item] = []
    for item in items:
        waits, slow = (item.nodeid.startswith(listed) for listed in (WAITING, SLOW))
        if item.nodeid.startswith(RACES):
            item.add_marker("races")
        if (lane and waits != (lane == "waiting")) or (quick and (waits or slow)):
            continue
        kept.append(item)
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = sorted(kept, key=_place)


def _place(item: pytest.Item) -> int:
    """When it begins: what is listed as waiting comes first, in that order."""
    listed = (place for place, entry in enumerate(WAITING) if item.nodeid.startswith(entry))
    return next(listed, len(WAITING))


def is_of_another_lane(config: pytest.Config, module: str) -> bool:
    """Whether a module has no test of the lane, so that it need not even be imported."""
    waiting = [entry for entry in WAITING if entry.startswith(module)]
    lane = "computing" if config.getoption("--quick") else config.getoption("--lane")
    return bool(lane) and (not waiting if lane == "waiting" else module in waiting)


class Groups(LoadGroupScheduling):  # type: ignore[misc]
    """``--dist loadgroup``: each test goes to the next free worker, but those of TOGETHER stay together.

    xdist appends a group's name to the test's id. That has no effect with pytest 9.2, which keeps the id
    elsewhere; here the groups are told from the ids themselves.
    """

    def _split_scope(self, nodeid: str) -> str:
        """The name of the group of a test."""
        listed = (group for entry, group in TOGETHER.items() if nodeid.startswith(entry))
        return next(listed, nodeid)
