"""A drawing without what it does not need: Vega's groups, classes, roles and long numbers."""

import re
from xml.etree import ElementTree as ET

NAMESPACE = "{http://www.w3.org/2000/svg}"
SUPERFLUOUS = {
    "class", "role", "aria-roledescription", "aria-hidden", "aria-label", "pointer-events", "version",
    "font-family", "stroke-miterlimit", "display", "text-anchor",
}  # fmt: skip
USUAL = {
    ("opacity", "1"),
    ("stroke-width", "1"),
    ("font-size", "11px"),
    ("x2", "0"),
    ("y2", "0"),
    ("fill", "none"),
}
_LONG = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def slim(drawn: str, title: str) -> str:
    """The drawing for a page: a picture called `title`, whose marks say in a `title` what they are."""
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    for element in root.iter():
        _slim(element)
    _prune(root)
    kept = {
        "viewBox": root.get("viewBox", ""),
        "width": root.get("width", ""),
        "height": root.get("height", ""),
    }
    root.attrib = {"class": "chart", "role": "img", "aria-label": title, **kept}
    return ET.tostring(root, encoding="unicode")


def _slim(element: ET.Element) -> None:
    label = element.get("aria-label")
    anchor = element.get("text-anchor")
    element.tag = element.tag.removeprefix(NAMESPACE)
    spoken = label and element.tag == "path"
    found = {name: _rounded(value) for name, value in element.attrib.items() if name not in SUPERFLUOUS}
    element.attrib = {name: value for name, value in found.items() if (name, value) not in USUAL}
    if anchor and anchor != "middle":
        element.set("text-anchor", anchor)
    if spoken:
        kept = {name: value for name, value in element.attrib.items() if name in {"d", "fill"}}
        element.attrib = {"class": "hit"} | {k: value for k, value in kept.items() if value != "transparent"}
        ET.SubElement(element, "title").text = label


def _rounded(value: str) -> str:
    return _LONG.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)


def _prune(element: ET.Element) -> None:
    """Takes out what draws nothing, and groups that only hold others."""
    kept: list[ET.Element] = []
    for child in element:
        _prune(child)
        if child.tag == "g" and not child.attrib:
            kept.extend(child)
        elif not _is_nothing(child):
            kept.append(child)
    element[:] = kept


def _is_nothing(element: ET.Element) -> bool:
    if element.tag == "path":
        return {"fill", "stroke", "class"}.isdisjoint(element.attrib)
    return element.tag == "g" and len(element) == 0
