"""A drawing without what it does not need: Vega's groups, classes, roles and long numbers."""

import re
from xml.etree import ElementTree as ET

from cx_kpi.render.charts.palette import LINE, MUTED

NAMESPACE = "{http://www.w3.org/2000/svg}"
KEPT = {
    "d", "dy", "fill", "font-size", "height", "opacity", "stroke", "stroke-dasharray", "stroke-width",
    "text-anchor", "transform", "viewBox", "width", "x", "x2", "y", "y2",
}  # fmt: skip
USUAL = {  # what the page's style says already
    ("opacity", "1"), ("stroke-width", "1"), ("font-size", "11px"), ("x2", "0"), ("y2", "0"), ("fill", "none"),
    ("fill", "transparent"), ("text-anchor", "middle"), ("transform", "translate(0,0)"),
}  # fmt: skip
OF_TEXT, OF_LINE = ("fill", MUTED), ("stroke", LINE)
_LONG = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_MOVED = re.compile(r"translate\(([-\d.]+),([-\d.]+)\)")


def slim(drawn: str, title: str) -> str:
    """The drawing for a page: a picture called `title`, whose marks in `.hits` have a `title` each."""
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    for element in root.iter():
        _slim(element)
    _prune(root)
    kept = {name: root.get(name, "") for name in ("viewBox", "width", "height")}
    root.attrib = {"class": "chart", "role": "img", "aria-label": title, **kept}
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def _slim(element: ET.Element) -> None:
    element.tag = element.tag.removeprefix(NAMESPACE)
    label = element.get("aria-label") if element.tag == "path" else None
    spoken = element.tag == "g" and any(child.get("aria-label") for child in element)
    element.attrib = _told(element)
    if label:
        ET.SubElement(element, "title").text = label
    if spoken and element[0].tag.endswith("path"):
        element.set("class", "hits")
    if element.tag == "text" and not len(element):
        _placed(element)


def _told(element: ET.Element) -> dict[str, str]:
    """The attributes that are needed, rounded."""
    rounded = {name: _rounded(value) for name, value in element.attrib.items() if name in KEPT}
    return dict(each for each in rounded.items() if not _is_usual(each, element))


def _is_usual(each: tuple[str, str], element: ET.Element) -> bool:
    return each in USUAL or each == {"text": OF_TEXT, "line": OF_LINE}.get(element.tag)


def _placed(text: ET.Element) -> None:
    """The position of a text in a shorter form."""
    found = _MOVED.fullmatch(text.get("transform", ""))
    if found:
        del text.attrib["transform"]
        text.attrib |= {"x": found[1], "y": found[2]}


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
    element[:] = _joined(kept)


def _joined(elements: list[ET.Element]) -> list[ET.Element]:
    """The elements, neighbouring marks that look the same as one path."""
    found: list[ET.Element] = []
    for element in elements:
        if found and _is_alike(found[-1], element):
            found[-1].attrib["d"] += element.attrib["d"]
        else:
            found.append(element)
    return found


def _is_alike(one: ET.Element, other: ET.Element) -> bool:
    looks = [{name: value for name, value in each.attrib.items() if name != "d"} for each in (one, other)]
    bare = all(each.tag == "path" and not len(each) and "fill" in each.attrib for each in (one, other))
    return bare and looks[0] == looks[1]


def _is_nothing(element: ET.Element) -> bool:
    if element.tag == "path":
        return not len(element) and {"fill", "stroke"}.isdisjoint(element.attrib)
    return element.tag == "g" and len(element) == 0
