"""Copies of the log, read back as whoever took them would: CSV, spreadsheet and PDF."""

import csv
import io
import re
import struct
import zipfile
import zlib
from html import unescape

PAIR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>")
SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\) Tj", re.DOTALL)


def read_csv(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, each by its column."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def read_xlsx(data: bytes) -> list[list[str]]:
    """Every cell of the only sheet as text; fails if one of them is a formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    rows = re.findall(r"<row [^>]*>(.*?)</row>", sheet, re.DOTALL)
    return [[unescape(said) for said in re.findall(r"<[tv][^>]*>([^<]*)</[tv]>", r)] for r in rows]


def read_pdf(data: bytes) -> str:
    """The words of a PDF, spelled by the tables that its own fonts bring."""
    tables = [
        {int(code, 16): chr(int(letter, 16)) for code, letter in PAIR.findall(table)}
        for table in re.findall(rb"beginbfchar(.*?)endbfchar", data, re.DOTALL)
    ]
    said, font = [], 1
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        for name, words in SHOWN.findall(_unpacked(raw)):
            font = int(name or font)
            plain = re.sub(rb"\\(.)", _unescaped, words, flags=re.DOTALL)
            codes = struct.unpack(f">{len(plain) // 2}H", plain)
            said.append("".join(tables[font - 1].get(code, "?") for code in codes))
    return " ".join(said)


def _unpacked(raw: bytes) -> bytes:
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return b""


def _unescaped(found: re.Match[bytes]) -> bytes:
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(found[1], found[1])
