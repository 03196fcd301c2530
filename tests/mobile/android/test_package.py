"""The Android package as far as it can be made without Android's SDK: everything but compiling."""

import ast
import contextlib
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from mobile.android import hook
from tests.mobile.android.package import API, ROOT, SPEC, builder, buildozer, p4a, template

ANDROID = "{http://schemas.android.com/apk/res/android}"
PURE = {"filetype", "certifi", "marshmallow", "tzdata", "charset-normalizer", "idna", "requests",
        "urllib3", "kivy-garden", "android", "chardet", "six"}  # fmt: skip
"""Known to be nothing but Python: a compiled package without a recipe ends the build."""

PERMISSIONS = {
    "INTERNET", "ACCESS_NETWORK_STATE", "POST_NOTIFICATIONS", "VIBRATE", "WAKE_LOCK",
    "RECEIVE_BOOT_COMPLETED", "SCHEDULE_EXACT_ALARM", "FOREGROUND_SERVICE",
    "FOREGROUND_SERVICE_LOCATION", "ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Buildozer, with the sources collected."""
    found = buildozer(tmp_path_factory.mktemp("buildozer"))
    with chdir(SPEC.parent):
        found._copy_application_sources()
    return found


@pytest.fixture(scope="module")
def command(made: Any) -> list[str]:
    """What buildozer would call p4a with."""
    target, calls = made.target, []
    target.artifact_format = "apk"
    target._p4a = lambda cmd, env, **_: calls.append([str(part) for part in cmd])
    target._update_libraries_references = lambda _: None
    target._generate_whitelist = lambda _: None
    # It ends where it wants to look into the SDK.
    with chdir(SPEC.parent), contextlib.suppress(FileNotFoundError):
        target.build_package()
    found: list[str] = calls[0]
    return found


def collected(made: Any) -> Iterator[Path]:
    folder = Path(made.app_dir)
    return (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def test_the_spec_holds_together(made: Any) -> None:
    made.config.get("app", "title")
    assert made.config.getdefault("app", "android.api") == str(API)
    assert made.config.getdefault("app", "android.minapi") == "26"
    assert made.config.getlist("app", "android.archs") == ["arm64-v8a", "armeabi-v7a"]
    with chdir(SPEC.parent):
        declared = re.search('^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.M)
        assert declared
        assert made.get_version() == declared[1]


def test_nothing_but_the_phone_goes_into_the_app(made: Any) -> None:
    paths = set(collected(made))
    assert {path.parts[0] for path in paths} == {"mobile", "shared"}
    assert Path("mobile/core/outbox.py") in paths
    assert Path("mobile/service/watch.py") in paths
    assert {"shared/ladder/walk.py", "shared/states.py"} <= {str(path) for path in paths}
    kinds = {".py", ".kv", ".png", ".ttf"}
    assert {path.suffix for path in paths} <= kinds
    assert not [path for path in paths if "test" in path.parts[-1] or path.parts[1] == "android"]
    screens = {p.relative_to(ROOT) for p in (ROOT / "mobile").rglob("*.kv")}
    fonts = {p.relative_to(ROOT) for p in (ROOT / "mobile").rglob("*.ttf")}
    assert screens | fonts <= paths


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]


def test_everything_the_app_imports_is_required(made: Any) -> None:
    folder = Path(made.app_dir)
    names = {name for path in folder.rglob("*.py") for name in imports_of(path)}
    theirs = names - set(sys.stdlib_module_names) - {"mobile", "shared", "__future__"}
    called = {"jnius": "pyjnius"}
    reqs = {req.split("==")[0] for req in made.config.getlist("app", "requirements")}
    # What a number is called by is read on the server alone.
    assert {called.get(name, name) for name in theirs} - {"phonenumbers"} <= reqs


def test_the_watch_starts_from_what_is_in_the_app_and_from_nothing_else(made: Any) -> None:
    code = (
        "import runpy, sys; sys.path.insert(0, sys.argv[1]); sys.argv[:] = ['x'];"
        "import marshmallow, certifi;"
        "runpy.run_path(sys.path[0] + '/mobile/service/watch.py', run_name='watch');"
        "import mobile; print(mobile.__path__[0]);"
        "print('kivy' in sys.modules, 'server' in sys.modules, 'jnius' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-P", "-c", code, made.app_dir], cwd="/", text=True,
                           capture_output=True, check=True)  # fmt: skip
    where, loaded = found.stdout.splitlines()
    assert where.startswith(made.app_dir)
    assert loaded == "False False False"


def test_every_required_package_has_a_recipe_or_is_pure(
    made: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pythonforandroid.bootstrap import Bootstrap
    from pythonforandroid.build import Context
    from pythonforandroid.graph import get_recipe_order_and_bootstrap

    context = Context()
    context.setup_dirs(str(tmp_path))
    reqs = [req.split("==")[0] for req in made.config.getlist("app", "requirements")]
    bootstrap = Bootstrap.get_bootstrap("sdl2", context)
    order, pure, _ = get_recipe_order_and_bootstrap(context, reqs, bootstrap)
    capsys.readouterr()
    assert {"python3", "sqlite3", "openssl", "kivy", "pyjnius"} <= set(order)
    assert set(pure) <= PURE


def values(command: list[str], option: str) -> list[str]:
    found = [command[n + 1] for n, part in enumerate(command) if part == option]
    return found + [p.partition("=")[2] for p in command if p.startswith(f"{option}=")]


def test_p4a_is_asked_for_what_the_app_needs(command: list[str], made: Any) -> None:
    asked = [p.removeprefix("android.permission.") for p in values(command, "--permission")]
    assert set(asked) == PERMISSIONS
    assert values(command, "--service") == [
        "Watch:mobile/service/watch.py:foreground:sticky:foregroundServiceType=location"
    ]
    assert values(command, "--package") == [hook.PACKAGE]
    assert values(command, "--private") == [made.app_dir]
    assert values(command, "--add-source") == [str(ROOT / "mobile/android/java")]
    assert values(command, "--service-class-name") == ["org.wayhome.phone.WatchService"]
    assert values(command, "--allow-backup") == ["false"]
    assert values(command, "--depend") == ["com.journeyapps:zxing-android-embedded:4.3.0"]
    assert (values(command, "--minsdk"), values(command, "--orientation")) == (["26"], ["portrait"])
    assert "--window" in command, "without it the app would hide the system's bars"
    hooks = [p for p in made.target.extra_p4a_args if p.startswith("--hook=")]
    assert hooks == [f"--hook={ROOT / 'mobile/android/hook.py'}"]


def build_args(command: list[str]) -> Any:
    """The same command line as p4a's own build step reads it."""
    parser = builder().create_argument_parser()
    known, _ = parser.parse_known_args(command[1:])
    known.permissions = builder().parse_permissions(known.permissions)
    known.manifest_orientation = builder().get_manifest_orientation(known.orientation, None)
    known.numeric_version, known.add_activity = "1", []
    return known


@pytest.fixture(scope="module")
def manifest(command: list[str]) -> ElementTree.Element:
    """The app's manifest, by p4a's template and then our hook."""
    args = build_args(command)
    (service,) = args.services
    name, _, *options = service.split(":")
    kind = next(o.partition("=")[2] for o in options if o.startswith("foregroundServiceType="))
    text = template("AndroidManifest.tmpl.xml").render(
        args=args, service=False, service_data=[(name, kind)], android_api=API, debug=True,
        native_services=[], url_scheme="kivy",
    )  # fmt: skip
    return ElementTree.fromstring(hook.with_components(text))  # noqa: S314 - our own text


def named(manifest: ElementTree.Element, kind: str) -> dict[str, ElementTree.Element]:
    found = manifest.iter(kind)
    return {each.attrib[f"{ANDROID}name"].rpartition(".")[2]: each for each in found}


def test_the_manifest_has_the_receivers_and_nobody_outside_can_call_them(
    manifest: ElementTree.Element,
) -> None:
    receivers = named(manifest, "receiver")
    assert set(receivers) == {"ReminderReceiver", "ActionReceiver", "BootReceiver"}
    scan = named(manifest, "activity")["Scan"]
    assert scan.attrib[f"{ANDROID}exported"] == "false"
    assert f"{ANDROID}process" not in scan.attrib, "what it saw is handed over in the app's process"
    services = named(manifest, "service")
    assert set(services) == {"ServiceWatch", "SendJob"}
    ours = [*receivers.values(), services["SendJob"]]
    assert {each.attrib[f"{ANDROID}exported"] for each in ours} == {"false"}
    assert {each.attrib[f"{ANDROID}process"] for each in ours} == {":hand"}
    assert services["SendJob"].attrib[f"{ANDROID}permission"] == hook.JOB_PERMISSION
    assert services["ServiceWatch"].attrib[f"{ANDROID}foregroundServiceType"] == "location"
    assert services["ServiceWatch"].attrib[f"{ANDROID}process"] == ":service_Watch"
    boot = {each.attrib[f"{ANDROID}name"] for each in receivers["BootReceiver"].iter("action")}
    assert boot == set(hook.BOOT_ACTIONS)


def test_the_manifest_keeps_to_itself(manifest: ElementTree.Element) -> None:
    application = manifest.find("application")
    assert application is not None
    assert application.attrib[f"{ANDROID}allowBackup"] == "false"
    sdk = manifest.find("uses-sdk")
    assert sdk is not None
    assert sdk.attrib[f"{ANDROID}minSdkVersion"] == "26"
    assert sdk.attrib[f"{ANDROID}targetSdkVersion"] == "36"
    asked = {e.attrib[f"{ANDROID}name"] for e in manifest.iter("uses-permission")}
    assert {each.rpartition(".")[2] for each in asked} == PERMISSIONS


def test_every_component_of_the_manifest_is_a_class_of_ours(manifest: ElementTree.Element) -> None:
    java = {path.stem for path in (ROOT / "mobile/android/java").rglob("*.java")}
    ours = {"Scan", *named(manifest, "receiver"), *named(manifest, "service")} - {"ServiceWatch"}
    assert ours <= java


def test_the_hook_adds_them_once_and_refuses_a_manifest_it_does_not_know() -> None:
    plain = "<manifest><application></application></manifest>"
    once = hook.with_components(plain)
    assert once.count("ReminderReceiver") == 1
    assert hook.with_components(once) == once
    with pytest.raises(ValueError, match="changed"):
        hook.with_components("<manifest/>")


def test_the_hook_works_as_p4a_calls_it(made: Any, tmp_path: Path) -> None:
    path = tmp_path / "src/main/AndroidManifest.xml"
    path.parent.mkdir(parents=True)
    path.write_text("<manifest><application></application></manifest>")
    arguments = shlex.split(f"--name x --private {made.app_dir}")
    toolchain = SimpleNamespace(
        args=SimpleNamespace(unknown_args=arguments),
        _dist=SimpleNamespace(dist_dir=str(tmp_path)),
    )
    hook.before_apk_build(toolchain)
    main = Path(made.app_dir) / "main.py"
    try:
        assert "mobile.main" in main.read_text()
    finally:
        main.unlink()
    hook.after_apk_build(toolchain)
    assert "BootReceiver" in path.read_text()


def test_p4as_service_still_has_what_ours_builds_on() -> None:
    java = p4a() / "bootstraps/common/build/src/main/java/org/kivy/android/PythonService.java"
    text = java.read_text(encoding="utf-8")
    for signature in (
        "public int onStartCommand(Intent intent, int flags, int startId)",
        "protected Intent getThisDefaultIntent(Context ctx, String pythonServiceArgument)",
        "protected void doStartForeground(Bundle extras)",
        'extras.getString("serviceEntrypoint")',
    ):
        assert signature in text
    gradle = p4a() / "bootstraps/common/build/templates/build.tmpl.gradle"
    assert "sourceCompatibility JavaVersion.VERSION_1_8" in gradle.read_text(encoding="utf-8")
