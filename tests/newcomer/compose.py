"""What deploy/container/compose.yaml would run, taken from the file itself and from the Containerfile of
its image: command lines, environments, mounts; here without containers, below a folder that stands for
the root of them all ("/" in a chroot of their own)."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import yaml

# Entry points of images that are not built here.
ENTRY_POINTS = {"docker.io/prom/prometheus": ["prometheus"]}
PORT = re.compile(r"(?<=[:'\"])(7443|9464|9090)\b")


def fail(words):
    raise SystemExit(f"newcomer: {words}")


class Image:
    """ENV, USER and ENTRYPOINT of the last stage of a Containerfile."""

    def __init__(self, file):
        last = file.read_text(encoding="utf8").split("\nFROM ")[-1]
        self.environment = dict(re.findall(r"(WONBON_\w+)=(\S+)", last))
        self.user = int(re.search(r"^USER (\d+)", last, re.M)[1])
        self.entry_point = json.loads(re.search(r"^ENTRYPOINT (.*)$", last, re.M)[1])
        self.health = json.loads(re.search(r"^HEALTHCHECK .*CMD (.*)$", last, re.M)[1])


class Compose:
    """The services. `root`: where their files are put; `ports`: those taken instead of the usual
    ones, where others may be in use; `as_user`: whether they get their users."""

    def __init__(self, folder, root, ports=None, as_user=False):
        self.folder, self.root = folder, root
        self.ports, self.as_user = ports or {}, as_user
        text = (folder / "compose.yaml").read_text(encoding="utf8")
        self.comment = [line.removeprefix("#").strip() for line in text.split("services:")[0].splitlines()]
        self.services = yaml.safe_load(text)["services"]
        self.image = Image(folder / "Containerfile")
        for name, service in self.services.items():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                if source.startswith(".") and source != "./keys.toml":
                    if not (folder / source).exists():
                        fail(f"the service {name} mounts {source}, which is not there")

    def told(self, beginning):
        """The command of the opening comment that begins so, without what explains it."""
        for line in self.comment:
            if line.startswith(beginning):
                return line.split("  # ")[0].strip()
        return fail(f"compose.yaml no longer says how to: {beginning}")

    def port(self, number):
        return self.ports.get(number, number)

    def here(self, text):
        """A path or an address of a container as it is here."""
        text = re.sub(r"(^|=)(/(?:etc|var|prometheus)\b)",
                      lambda m: m[1] + str(self.root).rstrip("/") + m[2], text)
        text = PORT.sub(lambda m: str(self.port(int(m[1]))), text)
        return text.replace("0.0.0.0", "127.0.0.1") if self.ports else text

    def mount(self, service, user):
        for volume in service["volumes"]:
            source, target = volume.split(":")[:2]
            place = pathlib.Path(self.here(target))
            if source.startswith("."):
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self.folder / source, place)
                if self.as_user:  # a mount has the owner that the file has
                    owner = (self.folder / source).stat()
                    os.chown(place, owner.st_uid, owner.st_gid)
            else:
                place.mkdir(parents=True, exist_ok=True)
                if self.as_user:
                    os.chown(place, user, user)

    def start(self, name, log, programs, more=()):
        """Runs a service; its output goes to the file `log`."""
        service = self.services[name]
        own = "build" in service
        user = self.image.user if own else 65534
        self.mount(service, user)
        image = service["image"].rsplit(":", 1)[0]
        command = self.image.entry_point if own else ENTRY_POINTS[image]
        command = [*command, *service.get("command", []), *more]
        environment = {"PATH": f"{programs}:/usr/bin:/bin"}
        if own:
            environment |= self.image.environment
        environment |= service.get("environment", {})
        who = {"user": user, "group": user, "extra_groups": []} if self.as_user else {}
        with open(log, "w", encoding="utf8") as output:
            return subprocess.Popen(
                [self.here(word) for word in command], stdout=output, stderr=output, cwd="/",
                env={k: self.here(str(v)) if k != "PATH" else v for k, v in environment.items()}, **who)
