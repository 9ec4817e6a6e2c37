#!/usr/bin/env python3
"""Looks at what the packages say they are made of: SPDX 2.3 with what its specification requires; every
library that a program asks for, found here by another way than deploy/sbom's, and every package that
the .deb depends on is in it; each licence that is SPDX's own by name or is explained.

usage: sbom.py ROOT DEBS    ROOT: the packages, unpacked; DEBS: their folder
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT, DEBS = (pathlib.Path(argument) for argument in sys.argv[1:])
PROGRAMS = {"wonbond": "usr/bin/wonbond", "wonbon": "usr/bin/wonbon"}
DOCUMENT = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT"}
OF_A_PACKAGE = ("SPDXID", "name", "versionInfo", "downloadLocation", "licenseDeclared",
                "licenseConcluded", "copyrightText", "supplier")


def check(condition, *words):
    if not condition:
        sys.exit("sbom: " + " ".join(map(str, words)))


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=True).stdout


def package_of(library):
    """Of a soname, by the linker's cache and dpkg."""
    path = re.search(rf"^\s*{re.escape(library)} .* => (\S+)$", run("/sbin/ldconfig", "-p"), re.M)
    check(path, "no", library, "here")
    file = path[1]
    owner = subprocess.run(["dpkg", "-S", file], capture_output=True, text=True, check=False).stdout
    owner = owner or run("dpkg", "-S", file.replace("/lib/", "/usr/lib/", 1))
    return owner.split(":")[0]


def look_at(name, sbom, program):
    check(DOCUMENT.items() <= sbom.items(), name, "is no document of SPDX 2.3")
    check(re.fullmatch(r"https?://[^#\s]+", sbom["documentNamespace"]), sbom["documentNamespace"])
    check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sbom["creationInfo"]["created"]),
          sbom["creationInfo"])
    check(sbom["creationInfo"]["creators"], "nobody made it")
    packages = {p["SPDXID"]: p for p in sbom["packages"]}
    check(len(packages) == len(sbom["packages"]), "an SPDXID stands twice")
    explained = {e["licenseId"] for e in sbom["hasExtractedLicensingInfos"]}
    check(all(e["extractedText"] for e in sbom["hasExtractedLicensingInfos"]), "no text")
    for identity, package in packages.items():
        check(re.fullmatch(r"SPDXRef-[a-zA-Z0-9.-]+", identity), identity)
        check(all(package.get(field) for field in OF_A_PACKAGE), identity, "lacks a field")
        references = set(re.findall(r"LicenseRef-[^ )]+", package["licenseDeclared"]))
        check(references <= explained, identity, references - explained)
    for relation in sbom["relationships"]:
        ends = {relation["spdxElementId"], relation["relatedSpdxElement"]} - {"SPDXRef-DOCUMENT"}
        check(ends <= set(packages), "a relation to what is not there:", relation)
    names = {package["name"]: package for package in sbom["packages"]}
    needed = re.findall(r"\(NEEDED\).*\[(.+)\]", run("readelf", "-d", program))
    check(len(needed) > 5, program, "asks for", needed)
    for library in needed:
        check(package_of(library) in names, library, "is not in the SBOM of", name)
    provided = set()  # names that a package goes by besides, as libspdlog1.10-fmt9
    for package in set(names) - {name}:
        provided |= set(re.findall(r"[^ ,]+", run("dpkg-query", "-W", "-f", "${Provides}", package)))
    deb = next(DEBS.glob(f"{name}_*.deb"))
    for alternative in run("dpkg-deb", "-f", deb, "Depends").split(","):
        wanted = alternative.split("|")[0].split("(")[0].strip()
        check(wanted in names or wanted in provided or wanted.startswith("systemd"), name, "depends on", wanted)
    for package, fields in names.items():
        if package != name:
            there = run("dpkg-query", "-W", "-f", "${Version}", package)
            check(fields["versionInfo"] == there, package, fields["versionInfo"], "is", there)
    return len(names) - 1


def main():
    counts = []
    for name, program in PROGRAMS.items():
        file = ROOT / f"usr/share/sbom/{name}.spdx.json"
        check(file.exists(), "the package", name, "does not say what it is made of")
        counts.append(f"{name} of {look_at(name, json.loads(file.read_text()), ROOT / program)}")
    print(f"sbom: {', '.join(counts)} packages")


main()
