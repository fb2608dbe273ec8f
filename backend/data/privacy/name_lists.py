"""Given names and surnames in Latin letters: the lists of Faker (MIT licence), of many countries."""

import importlib
import re
from functools import cache

from backend.data.privacy.word_set import word_set

LOCALES = sorted(
    word_set("""
en_US en_GB en_IE en_IN en_KE en_NG en_NZ en_PK en_TH en es_ES es_MX es_AR es_CO fr_FR fr_CA fr_BE de_DE de_AT de_CH
it_IT pt_BR pt_PT nl_NL nl_BE da_DK sv_SE no_NO fi_FI et_EE lt_LT lv_LV pl_PL cs_CZ sk_SK hr_HR sl_SI hu_HU ro_RO
tr_TR az_AZ id_ID vi_VN ha_NG ig_NG yo_NG sw zu_ZA tw_GH uz_UZ is_IS ga_IE ja_JP ko_KR zh_CN zh_TW fil_PH
""")
)
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ'-]{2,}")


@cache
def given_names() -> frozenset[str]:
    """First names in lower case."""
    return _names("first_name")


@cache
def surnames() -> frozenset[str]:
    """Last names in lower case."""
    return _names("last_name")


def _names(sort: str) -> frozenset[str]:
    found: set[str] = set()
    for locale in LOCALES:
        try:
            provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        except ModuleNotFoundError:  # a locale that this version does not have
            continue
        for attribute in dir(provider):
            if (
                attribute.startswith(sort)
                or attribute.startswith(f"{sort.partition('_')[0]}_romanized")
                or (attribute.startswith(f"romanized_{sort}"))
            ):
                listed = getattr(provider, attribute)
                if not callable(listed):
                    found |= {str(name[0] if isinstance(name, tuple) else name).casefold() for name in listed}
    return frozenset(name for name in found if _LATIN.fullmatch(name))
