"""Running a model's graph node after node: Rasa's own runner plans anew in every turn what never changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner


class SequentialGraphRunner(DaskGraphRunner):
    """As Rasa's runner, with the order of the nodes kept per target.

    A model is a chain with few branches and its components hold Python's lock, so nothing is lost by running one node at a time.
    """

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Runs what the targets need; see GraphRunner.run.

        Raises:
            GraphRunError: an input is named like a node, or the graph is no graph of nodes.
        """
        wanted = tuple(targets or self._graph_schema.target_names)
        results: dict[str, Any] = {}
        for name, value in (inputs or {}).items():
            if isinstance(value, str) and value in self._instantiated_nodes:
                raise GraphRunError(f"the input {name} has the name of a node: {value}")
            results[name] = (name, value)
        try:
            for name, node, needs in self._ordered(wanted):
                # What was not given stands for itself, which the node reports.
                results[name] = node(*(results.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("a node of the model's graph failed") from error
        return dict(results[name] for name in wanted)

    @lru_cache(maxsize=32)  # noqa: B019 - there is one runner per process, and few targets
    def _ordered(self, targets: tuple[str, ...]) -> tuple[tuple[str, GraphNode, tuple[str, ...]], ...]:
        nodes: Mapping[str, Any] = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        done: dict[str, tuple[str, GraphNode, tuple[str, ...]]] = {}

        def add(name: str) -> None:
            if name in nodes and name not in done:
                needs = tuple(nodes[name].needs.values())
                for need in needs:
                    add(need)
                done[name] = (name, self._instantiated_nodes[name], needs)

        for target in targets:
            add(target)
        return tuple(done.values())
