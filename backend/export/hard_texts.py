"""Texts on which tokenizers of different programs disagree first."""

HARD_TEXTS = (
    "Hello, world! It's what they'd've said: I'm SURE we'LL go.",
    "鍛錬とは、日々の積み重ねです。「カタカナ」と漢字、ひらがな、半角ｶﾅ。",
    "東京タワーは333メートル、1958年完成。３．１４１５９　全角スペース",
    "😀👩‍👩‍👧‍👦🇯🇵👍🏽 ✨",
    "def f(x):\n\tif x > 0:\r\n\t\treturn x ** 2  # äöü\n\n\n    pass",
    "  leading, trailing   and    inner     spaces  ",
    "0 1 22 333 4444 55555 1,234,567.89 -0.5e-10 2026-11-22T00:33:09Z",
    "Здравствуй мир مرحبا بالعالم שלום 안녕하세요 สวัสดี नमस्ते",
    "https://example.com/a_b?c=d&e=%20#f <b>not html</b> {\"json\": [null, true]}",
    "...---***___~~~!!!???''''\"\"\"\"````((()))[[[]]]",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
)
