"""What the pipeline is measured against, on the same texts: word segmentation alone, and a straight notebook."""

import re
from collections.abc import Callable, Mapping, Sequence

PATTERNS = {
    "email": r"[\w.+-]+@[\w-]+\.[\w.-]+",
    "phone": r"(?:\+84|0|1[89]00)[\d .()-]{6,14}\d",
    "url": r"(?:https?://|www\.)\S+",
    "period": r"\d+\s*(?:\([^)]*\)\s*)?(?:năm|tháng|ngày|giờ)",
    "tax_code": r"\b\d{10}(?:-\d{3})?\b",
    "date": r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b",
    "law": r"(?:Luật|Nghị định|Thông tư)[^.;\n]{0,40}?\d+/\d{4}/[\wĐ-]+",
}
"""The expressions that a notebook would begin with."""


def word_tokenize(texts: Sequence[str]) -> None:
    """underthesea's word segmentation."""
    from underthesea import word_tokenize as tokenize

    for text in texts:
        tokenize(text)


def pyvi(texts: Sequence[str]) -> None:
    """pyvi's word segmentation."""
    from pyvi import ViTokenizer

    for text in texts:
        ViTokenizer.tokenize(text)


def notebook(texts: Sequence[str]) -> None:
    """Sentences and words by underthesea, TF-IDF over the words, regular expressions for values."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from underthesea import sent_tokenize
    from underthesea import word_tokenize as tokenize

    compiled = [re.compile(pattern) for pattern in PATTERNS.values()]
    sentences = []
    for text in texts:
        for sentence in sent_tokenize(text):
            sentences.append(tokenize(sentence, format="text"))
            for pattern in compiled:
                pattern.findall(sentence)
    TfidfVectorizer(ngram_range=(1, 2)).fit_transform(sentences)


RIVALS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "underthesea.word_tokenize alone": word_tokenize,
    "pyvi alone": pyvi,
    "notebook: underthesea, TF-IDF, regex": notebook,
}
