"""The self-check as a workbook to fill in."""

from io import BytesIO

from cx_kpi.render.documents.questionnaire import COLUMNS, HIGHEST, HOW, LOWEST, TITLE, Form, rows
from cx_kpi.render.xlsx.book import Book, Column
from cx_kpi.wording.language import Language

WIDTHS = (8, 18, 70, 8, 14, 10, 10, 30)


def as_workbook(form: Form) -> bytes:
    """The table as the bytes of an XLSX file, whose answers can only be whole numbers from 1 to 5.

    It does not carry the mark of our reports: it is meant to be read.
    """
    out, language = BytesIO(), Language(form.language)
    book = Book(out, language, language(TITLE), ours=False)
    sheet = book.table(language("Self-check"), [Column(*each) for each in zip(COLUMNS, WIDTHS, strict=True)])
    for number, row in enumerate(rows(form), start=1):
        for place, value in enumerate(row):
            book.put(sheet, number, place, value)
    score = COLUMNS.index("score")
    sheet.data_validation(
        1,
        score,
        len(form.statements),
        score,
        {
            "validate": "integer",
            "criteria": "between",
            "minimum": LOWEST,
            "maximum": HIGHEST,
            "input_message": language(HOW)[:255],
        },
    )
    book.close()
    return out.getvalue()
