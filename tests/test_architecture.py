"""Promises about the house: who may import whom, and where destructive calls may stand.  Read with `ast`, not run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from crm_gdpr.registry import load

ROOT = Path(__file__).parents[1]
OURS = ROOT / "crm_gdpr"
FILES = sorted(OURS.rglob("*.py"))

# Each part, and the parts it may import beside itself and other people's libraries.
LOWEST = ("policy",)
READ = (*LOWEST, "addon", "registry", "store", "sync", "gate", "env")
QUEUED = (*READ, "jobs", "logs", "metrics")
MAY_IMPORT = {
    "policy": (),
    "addon": LOWEST,
    "registry": (*LOWEST, "addon"),
    "quick_json": (),
    "store": (*LOWEST, "quick_json"),
    "sync": (*LOWEST, "quick_json"),
    "gate": (*LOWEST, "store", "sync"),
    "env": (*LOWEST, "registry", "store", "sync", "gate"),
    "jobs": (*READ, "logs"),
    "webhooks": QUEUED,
    "definitions": ("addon", "registry"),
    "project": ("registry", "sync"),
    "diagnosis": (*QUEUED, "definitions"),
    "app": QUEUED,
    "addons": (*LOWEST, "addon"),
    "emulator": (),
    "embedded": (),
    "logs": (),
    "metrics": (),
    "demo": (*QUEUED, "embedded"),
}
WHOLE_HOUSE = ("cli", "testing")  # the top: these may import every part
MAY_START_THE_EMULATOR = ("cli", "testing", "emulator")
DESTRUCTIVE = ("archive", "archive_thread", "purge", "purge_file")


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), str(file))


def module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def part(name: str) -> str:
    """Return the part of the house that a module belongs to: the name below `crm_gdpr`."""
    return name.split(".")[1] if "." in name else ""


def for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes below this one that run, whether on import or in a function."""
    for child in ast.iter_child_nodes(node):
        if not for_types_only(child):
            yield child
            yield from running(child)


def imported(file: Path, *, types_too: bool = False) -> set[str]:
    """Return the modules that a file imports; `from a import b` names a.b too where that is a module of ours."""
    found: set[str] = set()
    for node in ast.walk(tree(file)) if types_too else running(tree(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module(file)} imports relatively; say the whole name"
            origin = str(node.module)
            below = {f"{origin}.{alias.name}" for alias in node.names}
            found |= {name for name in below if is_module(name)} or {origin}
    return found


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return name.startswith("crm_gdpr.") and (path.with_suffix(".py").is_file() or path.is_dir())


def ours(names: set[str]) -> set[str]:
    return {name for name in names if name.split(".")[0] == "crm_gdpr"}


each_file = pytest.mark.parametrize("file", FILES, ids=module)


def test_every_part_has_its_place_in_the_order():
    parts = {path.stem for path in OURS.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert parts - {"__init__"} == {*MAY_IMPORT, *WHOLE_HOUSE}


@each_file
def test_who_may_import_whom(file):
    here = part(module(file))
    if here in WHOLE_HOUSE or here == "__init__":
        return
    strangers = {name for name in ours(imported(file)) if part(name) not in (here, *MAY_IMPORT[here])}
    assert not strangers


def test_the_law_needs_nothing_but_the_standard_library():
    for file in (OURS / "policy").rglob("*.py"):
        foreign = {name.split(".")[0] for name in imported(file, types_too=True)} - {"crm_gdpr"}
        assert foreign <= sys.stdlib_module_names, module(file)
        assert {part(name) for name in ours(imported(file, types_too=True))} <= {"policy"}, module(file)


def test_the_law_asks_neither_the_clock_nor_the_net_nor_the_environment():
    banned = {"socket", "urllib.request", "http.client", "os", "subprocess", "random", "time"}
    for file in (OURS / "policy").rglob("*.py"):
        assert not imported(file) & banned, module(file)
        calls = {ast.unparse(node.func) for node in ast.walk(tree(file)) if isinstance(node, ast.Call)}
        assert not calls & {"date.today", "datetime.now", "datetime.today", "datetime.utcnow"}, module(file)


def test_an_addon_imports_only_itself_and_the_addons_it_depends_on():
    depends = {addon.name: addon.depends for addon in load()}
    for file in (OURS / "addons").rglob("*.py"):
        name = file.relative_to(OURS / "addons").parts[0].removesuffix(".py")
        others = {n.split(".")[2] for n in ours(imported(file, types_too=True)) if n.startswith("crm_gdpr.addons.")}
        assert others <= {name, *depends.get(name, ())}, module(file)


def test_the_emulator_stands_alone_and_few_start_it():
    for file in FILES:
        here, names = part(module(file)), {part(name) for name in ours(imported(file, types_too=True))}
        assert "emulator" not in names or here in MAY_START_THE_EMULATOR, module(file)
        assert here != "emulator" or names <= {"emulator"}, module(file)


def test_one_module_alone_imports_hubspots_client():
    users = {module(f) for f in FILES if any(n.split(".")[0] == "hubspot" for n in imported(f, types_too=True))}
    assert users == {"crm_gdpr.sync.client"}


@each_file
def test_nothing_is_destroyed_but_through_the_gate(file):
    here = part(module(file))
    if here in ("gate", "sync", "emulator"):
        return
    named = {node.attr for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)}
    assert not named & set(DESTRUCTIVE)


def test_the_gate_is_where_things_are_destroyed():
    gate = [file for file in FILES if part(module(file)) == "gate"]
    named = {node.attr for file in gate for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)}
    assert set(DESTRUCTIVE) <= named


def test_inside_sync_only_the_named_methods_destroy():
    for file in (OURS / "sync").rglob("*.py"):
        methods = [node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef)]
        for method in methods:
            calls = [n.func.attr for n in ast.walk(method) if isinstance(n, ast.Call) and hasattr(n.func, "attr")]
            assert method.name in DESTRUCTIVE or not set(calls) & set(DESTRUCTIVE), f"{module(file)}.{method.name}"


@each_file
def test_nothing_is_deleted_by_another_road(file):
    """By HTTP's own word, by HubSpot's path, or by one of the names as text."""
    if part(module(file)) == "emulator" or "migrations" in module(file):
        return
    allowed = [node for node in ast.walk(tree(file)) if getattr(node, "name", "") in DESTRUCTIVE]
    allowed = {inner for node in allowed for inner in ast.walk(node)}
    for node in set(ast.walk(tree(file))) - allowed:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert "/gdpr-delete" not in node.value, f"line {node.lineno}"
        if isinstance(node, ast.Call):
            assert "'DELETE'" not in map(ast.unparse, node.args), f"line {node.lineno}"
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "methodcaller", "attrgetter"):
            assert not {ast.unparse(each).strip("'") for each in node.args} & set(DESTRUCTIVE), f"line {node.lineno}"


@pytest.mark.parametrize("file", sorted(OURS.rglob("__manifest__.py")), ids=module)
def test_importing_a_manifest_does_nothing(file):
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign, ast.AnnAssign)
    statements = tree(file).body[1:]  # the first is the docstring
    assert all(isinstance(node, allowed) for node in statements)
    assert "env" not in {node.id for node in ast.walk(tree(file)) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("file", sorted((OURS / "addons").rglob("*.py")), ids=module)
def test_importing_an_addon_starts_nothing(file):
    reached = {"requests", "redis", "rq", "socket", "sqlalchemy", "subprocess", "threading", "hubspot"}
    assert not {name.split(".")[0] for name in imported(file)} & reached
