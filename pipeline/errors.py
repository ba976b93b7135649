"""Everything that this package refuses to do, by name.

Every message says which document or setting, what is wrong with it, and what to do. The class name is the reason that
is counted and stored in the table of failures, so a class stands for one cause.
"""


class PipelineError(Exception):
    """A refusal. `subject` is the document or setting, `cause` what is wrong, `remedy` what the user can do."""

    def __init__(self, subject: str, cause: str, remedy: str) -> None:
        super().__init__(subject, cause, remedy)
        self.subject, self.cause, self.remedy = subject, cause, remedy

    def __str__(self) -> str:
        return printable(f"{self.subject}: {self.cause}. {self.remedy}")

    @property
    def reason(self) -> str:
        """Name of the error as it stands in the table of failures."""
        return type(self).__name__


def printable(said: str) -> str:
    """On one line, whatever it holds: names of files may hold line breaks."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in said)


class DocumentError(PipelineError):
    """One document cannot be used; all others can. Exit status 1."""


class UnreadableFile(DocumentError):
    """The file cannot be opened or read."""


class LinkOutside(DocumentError):
    """A link that leads out of the folder of policies."""


class ChangedWhileRead(DocumentError):
    """Somebody wrote to the file while it was read."""


class UnsupportedFormat(DocumentError):
    """No reader for this kind of file."""


class BinaryFile(DocumentError):
    """The bytes are no text."""


class EmptyFile(DocumentError):
    """Nothing, or nothing but white space."""


class FileTooLarge(DocumentError):
    """Larger than any policy is."""


class UndecodableText(DocumentError):
    """The bytes are text in no encoding that Vietnamese is written in."""


class LegacyEncoding(DocumentError):
    """Text for fonts that put Vietnamese letters where other codes have others: TCVN3, VNI."""


class DamagedFile(DocumentError):
    """The file breaks off, or is none of the kind that its name says."""


class EncryptedPdf(DocumentError):
    """A PDF that opens with a password only."""


class ScannedPdf(DocumentError):
    """A PDF of pictures of pages, without text."""


class ZipBomb(DocumentError):
    """A small file that unpacks to more than any policy has."""


class PageWithoutText(DocumentError):
    """An HTML page whose text scripts or frames would load."""


class NotVietnamese(DocumentError):
    """The text is in another language."""


class NotAPolicy(DocumentError):
    """Vietnamese, but no privacy policy: analysed and flagged, left out of the comparison."""


class TooSlow(DocumentError):
    """The work on it took longer than any policy takes."""


class TooMuchMemory(DocumentError):
    """The work on it took more memory than any policy takes."""


class WorkerKilled(DocumentError):
    """The process that worked on it died, also when it worked on nothing else."""


class StageFailed(DocumentError):
    """A stage of the pipeline broke on this document: a fault of the program, not of the document."""


class SettingsError(PipelineError):
    """Usage, settings or model are wrong; nothing was done. Exit status 2."""


class SourceError(SettingsError):
    """The source is missing or holds nothing that can be read."""


class OutputError(SettingsError):
    """The output folder cannot be written."""


class ModelError(SettingsError):
    """The model is missing or does not fit this version of the package."""


class OtherPipeline(SettingsError):
    """Two versions cannot be compared: different pipelines analysed them, and that would show as changes."""


class StoreError(SettingsError):
    """The store cannot be used; it was left as it is."""


class NoStore(StoreError):
    """There is none, or none that is complete yet."""


class NewerStore(StoreError):
    """A later version of this package wrote the store."""


class DamagedStore(StoreError):
    """A file of the store is missing, cut short or overwritten."""


class UnknownVersion(StoreError):
    """The store holds no such document, vendor or version."""


class StoreInUse(PipelineError):
    """Another run holds the store. Exit status 3."""


class GoldError(SettingsError):
    """An annotation is malformed; the subject names file and line."""


class Regression(SettingsError):
    """Scores fell under their floors, or data, card and floors do not belong together."""


class ReviewError(SettingsError):
    """A reviewed file, or one row of it, cannot be taken; the subject names the row."""
