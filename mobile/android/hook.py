"""What p4a calls while it builds: gives the app its beginning, and the manifest its receivers and
its scanner.

Loaded by path, outside of any package, so it imports nothing of ours.
"""

from pathlib import Path
from typing import Any

MAIN = """import runpy

runpy.run_module("mobile.main", run_name="__main__")
"""
PROCESS = ":hand"
"""Python brings an SQLite of its own; two of them in one process drop each other's locks on a file.
So what uses Android's has a process to itself (Store.java)."""

BOOT_ACTIONS = (
    "android.intent.action.BOOT_COMPLETED",
    "android.intent.action.MY_PACKAGE_REPLACED",
    "android.app.action.SCHEDULE_EXACT_ALARM_PERMISSION_STATE_CHANGED",
)
JOB_PERMISSION = "android.permission.BIND_JOB_SERVICE"
PACKAGE = "org.wayhome.phone"
END = "</application>"


def _receiver(name: str, actions: tuple[str, ...] = ()) -> str:
    wanted = "".join(f'<action android:name="{action}"/>' for action in actions)
    inside = f"<intent-filter>{wanted}</intent-filter>" if wanted else ""
    return (
        f'<receiver android:name="{PACKAGE}.{name}" android:process="{PROCESS}"'
        f' android:exported="false">{inside}</receiver>'
    )


def components() -> str:
    """What goes into the manifest's application."""
    job = (
        f'<service android:name="{PACKAGE}.SendJob" android:process="{PROCESS}"'
        f' android:permission="{JOB_PERMISSION}" android:exported="false"/>'
    )
    # Beside the app's own window and in its process: it hands over what the camera saw.
    scan = (
        f'<activity android:name="{PACKAGE}.Scan" android:exported="false"'
        ' android:theme="@android:style/Theme.Translucent.NoTitleBar"/>'
    )
    parts = [
        scan,
        _receiver("ReminderReceiver"),
        _receiver("ActionReceiver"),
        _receiver("BootReceiver", BOOT_ACTIONS),
        job,
    ]
    return "".join(f"    {part}\n" for part in parts)


def with_components(manifest: str) -> str:
    """The manifest with ours in it, once."""
    if f"{PACKAGE}.ReminderReceiver" in manifest:
        return manifest
    if manifest.count(END) != 1:
        raise ValueError("p4a's manifest has changed: no one place for receivers")
    return manifest.replace(END, components() + END)


def before_apk_build(toolchain: Any) -> None:
    """The app's folder is complete but for the file that Android starts."""
    arguments = list(toolchain.args.unknown_args)
    private = Path(arguments[arguments.index("--private") + 1])
    (private / "main.py").write_text(MAIN, encoding="utf-8")


def after_apk_build(toolchain: Any) -> None:
    """The manifest is rendered, Gradle has not run yet."""
    path = Path(toolchain._dist.dist_dir) / "src/main/AndroidManifest.xml"
    path.write_text(with_components(path.read_text(encoding="utf-8")), encoding="utf-8")
