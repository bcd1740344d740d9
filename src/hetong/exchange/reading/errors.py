"""Why a file is not read as a table: which file, which line where there is one, the reason, and what now."""

from __future__ import annotations

from hetong.kernel.errors import N_, Invalid


class SheetRefused(Invalid):
    """The file cannot be read as a table; nothing of it was imported. ``params``: name, and line where there is one."""

    code = "sheet_refused"
    text = N_("“%(name)s” cannot be read.")
    then = N_("Save it as CSV (UTF-8) or XLSX in the program it comes from, then choose it again.")


class NotATable(SheetRefused):
    """The content is of a kind that holds no table."""

    code = "not_a_table"
    text = N_("“%(name)s” is %(found)s, not a table that can be read here.")
    then = N_("Save it as CSV, TSV, XLSX, XLS or ODS in the program it comes from, then choose it again.")


class EmptySheet(SheetRefused):
    """There is not one line with content."""

    code = "empty_sheet"
    text = N_("“%(name)s” holds nothing.")
    then = N_("Choose the sheet or the file that holds the rows.")


class WrongEncoding(SheetRefused):
    """A line holds bytes that mean nothing in the encoding."""

    code = "wrong_encoding"
    text = N_("“%(name)s”, line %(line)s: this is not text in %(encoding)s.")
    then = N_("Choose another encoding. If none fits, save the file as CSV (UTF-8) and choose it again.")


class HoldsNul(SheetRefused):
    """A line holds the character NUL, which no text has."""

    code = "holds_nul"
    text = N_("“%(name)s”, line %(line)s: there is a NUL character, which no text holds.")
    then = N_("Choose another encoding (UTF-16 looks like this), or remove the character in that line.")


class BrokenQuotes(SheetRefused):
    """A quoted cell does not end, or goes on after its closing quote."""

    code = "broken_quotes"
    text = N_("“%(name)s”, line %(line)s: a cell in quotation marks does not end where the next cell begins.")
    then = N_("Choose another kind of quotation marks or another delimiter, or mend that line in the file.")


class LineTooLong(SheetRefused):
    """One line holds more than a row of a table can."""

    code = "line_too_long"
    text = N_("“%(name)s”, line %(line)s: the line or one of its cells is longer than %(limit)s characters.")
    then = N_("Probably it is no table, or a quotation mark is missing before. Look at that line in a text editor.")


class TooManyColumns(SheetRefused):
    """A line has more cells than a table has columns."""

    code = "too_many_columns"
    text = N_("“%(name)s”, line %(line)s: there are more than %(limit)s columns.")
    then = N_("Choose another delimiter, or leave out the columns that are not needed.")


class NoSuchLine(SheetRefused):
    """The line that should hold the column names is after the end."""

    code = "no_such_line"
    text = N_("“%(name)s” has no line %(line)s with column names.")
    then = N_("Choose the line in which the names of the columns stand.")


class NoSuchSheet(SheetRefused):
    """The workbook has no sheet of that name."""

    code = "no_such_sheet"
    text = N_("“%(name)s” has no sheet “%(sheet)s”.")
    then = N_("Choose one of its sheets.")


class DangerousSheet(SheetRefused):
    """A packed file that would harm whoever unpacks it, or that carries macros."""

    code = "dangerous_sheet"
    text = N_("“%(name)s” is packed in a way that is not safe to open (%(why)s).")
    then = N_("Save it again as XLSX or CSV in the program it comes from, then choose it again.")


class ProtectedSheet(SheetRefused):
    """A password is needed."""

    code = "protected_sheet"
    text = N_("“%(name)s” is protected by a password.")
    then = N_("Save it without a password, then choose it again.")


class BrokenSheet(SheetRefused):
    """The file breaks the reader of spreadsheets, or needs more memory or time than it gets."""

    code = "broken_sheet"
    text = N_("“%(name)s” is damaged, or needs far more memory than a table of its size.")
    then = N_("Open it in a spreadsheet program, copy the rows into a new sheet, and save that as XLSX or CSV.")


class TooLargeSheet(SheetRefused):
    """The sheet holds more cells than are read out of a spreadsheet; text files have no such limit."""

    code = "too_large_sheet"
    text = N_("“%(name)s” has more cells than are read out of a spreadsheet.")
    then = N_("Save the sheet as CSV: text files of any length are read.")


class UnknownReading(Invalid):
    """What was said about how to read the file is not among the choices."""

    code = "unknown_reading"
    text = N_("“%(value)s” is not a choice for how to read the file.")
    then = N_("Choose one of those offered.")
