"""The house is in order: nothing leaks into files, modules stay small, versions agree."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULE_LINES = 300
FUNCTION_LINES = 40

# Split, so that this file does not hold what it forbids.
ADDRESSES = [
    ("py" + "pi", "org"),
    ("python" + "hosted", "org"),
    ("registry.npm" + "js", "org"),
    ("registry.yarn" + "pkg", "com"),
    ("deb.deb" + "ian", "org"),
    ("security.deb" + "ian", "org"),
    ("archive.ubun" + "tu", "com"),
]
INDEX_OPTIONS = ["--" + "index-url", "--" + "extra-index-url", "--" + "find-links"]
MACHINE_ROOTS = ["work", "root"]
MACHINE_FOLDERS = ["home", "tmp", "Users"]

FORBIDDEN = re.compile(
    "|".join(
        [
            *(re.escape(f"{host}.{end}") for host, end in ADDRESSES),
            *(rf"{option}\b" for option in INDEX_OPTIONS),
            rf"(?<![\w./-])/(?:{'|'.join(MACHINE_ROOTS)})(?![\w-])",
            rf"(?<![\w./-])/(?:{'|'.join(MACHINE_FOLDERS)})/\w",
        ]
    )
)


def ignore_patterns() -> list[str]:
    lines = (ROOT / ".gitignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def is_ignored(path: Path, patterns: list[str]) -> bool:
    """Whether .gitignore (of simple patterns) leaves `path` out of the project."""
    from_root = path.relative_to(ROOT).as_posix()
    for pattern in patterns:
        if pattern.endswith("/") and not path.is_dir():
            continue
        name = from_root if pattern.startswith("/") else path.name
        if fnmatch(name, pattern.strip("/")):
            return True
    return False


def project_files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the project, tracked or not; works without git, as in a copied checkout."""
    patterns = ignore_patterns()
    for path in sorted(folder.iterdir()):
        if path.name == ".git" or path.is_symlink() or is_ignored(path, patterns):
            continue
        if path.is_dir():
            yield from project_files(path)
        else:
            yield path


def text_of(path: Path) -> str:
    """The text of a file; nothing for pictures and other binary files."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def modules() -> list[Path]:
    homes = [ROOT / "server", ROOT / "shared", ROOT / "mobile"]
    return [path for home in homes for path in project_files(home) if path.suffix == ".py"]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {hit.group()}"
        for path in project_files()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if (hit := FORBIDDEN.search(line))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "see https://" + "py" + "pi.org/simple",
        "--" + "index-url https://example.org",
        "open('/" + "work/main/x')",
        "HOME=/" + "root",
        "/" + "home/amy/wayhome",
        "/" + "tmp/log.txt",
    ],
)
def test_the_search_finds_what_it_forbids(line: str) -> None:
    assert FORBIDDEN.search(line)


@pytest.mark.parametrize(
    "line", ["tmpfs: [/" + "tmp]", "https://example.org/work/1", "GET /home", "a/root/b"]
)
def test_the_search_leaves_the_rest_alone(line: str) -> None:
    assert not FORBIDDEN.search(line)


def test_the_search_sees_the_whole_project() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in project_files()}
    assert {"Makefile", ".ci/run", "requirements/run.lock", "shared/__init__.py"} <= names
    assert not any(name.startswith((".git/", ".venv/")) for name in names)


def test_modules_stay_small() -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in modules()}
    assert [
        f"{path.relative_to(ROOT)}: {n} lines" for path, n in lengths.items() if n > MODULE_LINES
    ] == []


def test_functions_stay_small() -> None:
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length(node)} lines"
        for path in modules()
        for node in functions(path)
        if length(node) > FUNCTION_LINES
    ] == []


HASTY = re.compile(
    r"assert .*(\.is_visible\(|\.inner_text\(|\.text_content\(|\.count\(\)|page\.url\b)"
)
"""Asks a page that may not have come yet: a key press or a click does not wait for the next one."""


def test_what_a_browser_shows_is_waited_for() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in project_files(ROOT / "tests" / "browser")
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if path.suffix == ".py" and HASTY.search(line)
    ]
    assert found == [], "use expect(...), which waits"


class Hurry(ast.NodeVisitor):
    """Finds where a page is left or asked before what was pressed has been seen to happen.

    The browser then drops the request on its way, or the old page answers: not always, but once
    in fifty runs.
    """

    def __init__(self, goers: set[str], lookers: set[str]) -> None:
        self._goers = goers
        self._lookers = lookers
        self._pressed = False
        self.lines: list[int] = []

    def visit_With(self, node: ast.With) -> None:
        self.generic_visit(node)
        held = (one.context_expr for one in node.items)
        if any(isinstance(one, ast.Call) and called(one).startswith("expect") for one in held):
            self._pressed = False

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = called(node)
        if name == "click" or (name == "press" and "Enter" in ast.unparse(node)):
            self._pressed = True
        elif name.startswith(("expect", "wait_for")) or name in self._lookers:
            self._pressed = False
        elif name in self._goers and self._pressed:
            self.lines.append(node.lineno)
            self._pressed = False


def called(node: ast.Call) -> str:
    """The last name of what is called: goto of page.goto()."""
    return ast.unparse(node.func).rpartition(".")[2]


def hurries(source: str) -> list[int]:
    """The lines of `source` that go elsewhere in a hurry."""
    made = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    goers = {one.name for one in made if re.search(r"\.(goto|reload|evaluate)\(", ast.unparse(one))}
    lookers = {one.name for one in made if "expect(" in ast.unparse(one)} - goers
    found: list[int] = []
    for one in made:
        hurry = Hurry(goers | {"goto", "reload", "evaluate"}, lookers)
        hurry.visit(one)
        found += hurry.lines
    return found


@pytest.mark.parametrize(
    ("between", "found"),
    [("", [5]), ("key.turn()", [5]), ("expect(page).to_have_url('x')", [])],
)
def test_the_search_finds_a_hurry(between: str, found: list[int]) -> None:
    lines = ["def knock(): page.goto('x')", "def test():", " page.click()", f" {between or 'pass'}"]
    assert hurries("\n".join([*lines, " knock()"])) == found


def test_no_browser_is_hurried_from_page_to_page() -> None:
    assert [
        f"{path.relative_to(ROOT)}:{line}"
        for path in project_files(ROOT / "tests" / "browser")
        if path.suffix == ".py"
        for line in hurries(text_of(path))
    ] == [], "expect(...) to see what was pressed happen, before going elsewhere"


def test_the_version_is_the_newest_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == version


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda p: p.name
)
def test_every_locked_package_has_one_version_and_hashes(lock: Path) -> None:
    blocks = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9.-]+==\S+", block), block
        assert "--hash=sha256:" in block, block


def test_make_alone_lists_every_target() -> None:
    shown = subprocess.run(["make", "-C", ROOT], capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    listed = re.findall(r"^make ([a-z-]+) +\S", shown, re.MULTILINE)
    assert sorted(listed) == sorted(set(phony.group(1).split()) - {"anew"})


def test_the_command_is_installed() -> None:
    command = Path(sys.executable).with_name("wayhome")
    shown = subprocess.run([command, "--help"], capture_output=True, text=True, check=True).stdout
    assert shown.startswith("Usage: wayhome")
