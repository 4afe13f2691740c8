"""Handles, display names and bios of nobody: assembled from short lists of invented parts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

#: Everyday first names; the family names below are made of syllables and belong to nobody.
FIRST_NAMES: tuple[str, ...] = (
    "Adi", "Agus", "Andi", "Ayu", "Bagas", "Bayu", "Citra", "Dewi", "Dian", "Dimas", "Eka", "Fajar", "Fitri", "Galih",
    "Gita", "Hadi", "Hana", "Indah", "Intan", "Jaya", "Kartika", "Lestari", "Lia", "Maya", "Mega", "Nanda", "Nisa",
    "Nur", "Oka", "Putri", "Rahma", "Rani", "Ratna", "Rizki", "Sari", "Sinta", "Tari", "Tegar", "Tika", "Ujang",
    "Wahyu", "Wati", "Wulan", "Yanti", "Yoga", "Yuni", "Zahra", "Anna", "Ben", "Carla", "Daniel", "Emma", "Ivan",
    "Jonas", "Leo", "Lucia", "Maria", "Noor", "Omar", "Paul", "Rosa", "Sofia", "Tom",
)  # fmt: skip
SYLLABLES: tuple[str, ...] = (
    "wan", "ta", "ri", "mar", "su", "lin", "dra", "ko", "pra", "ni", "to", "har", "ja", "sa", "mun", "di", "gan", "bel",
    "ro", "ven",
)  # fmt: skip
OTHER_SCRIPTS: tuple[str, ...] = (
    "Лина", "Юлия", "مريم", "سامي", "ミナ", "小芳", "นิดา", "선우", "ꦱꦫꦶ", "Ελένη", "מאיה", "ಅನು",
)  # fmt: skip
NAME_MARKS: tuple[str, ...] = ("✨", "🌸", "⚽", "🇮🇩", "🐈", "☕", "🔥", "🌙", "👨‍👩‍👧", "💐")
WORDS: tuple[str, ...] = (
    "kopi", "senja", "hujan", "bola", "musik", "pelangi", "kucing", "laut", "gunung", "bakso", "rantau", "cerita",
    "langit", "melati", "pagi", "rindu", "sepeda", "tani", "warung", "zaman",
)  # fmt: skip
BIO_PARTS: tuple[str, ...] = (
    "Suka kopi dan hujan", "Ibu dari dua anak", "Mahasiswa tingkat akhir", "Pecinta kucing 🐈", "Orang biasa",
    "Warga biasa yang suka jalan kaki", "Guru SD", "Penikmat musik", "Pedagang bakso keliling", "Hidup itu sederhana",
    "Bola dan kopi ☕", "Petani muda", "Belajar menulis", "Berita warga dan cuaca", "Kerja, pulang, tidur",
    "Masak setiap hari 🍲", "Jalan-jalan sore", "Bismillah", "Alhamdulillah 🙏", "Nderek mampir", "Urip iku urup",
    "Ngopi heula", "Rantau ti lembur", "Reader, walker, gardener", "Coffee first", "Father of three", "Views are mine",
    "Student of everything", "Football and weather", "Runs slowly 🏃", "Photos of clouds ☁️", "Teacher",
    "Small shop, big heart", "#kopi #senja", "#laripagi", "#wargabaik", "bareng @contoh_tetangga", "cp: lewat DM",
    "toko: https://toko.example/rak", "https://catatan.example", "Люблю чай", "مدرّسة متقاعدة", "猫と散歩",
)  # fmt: skip
SELLER_BIOS: tuple[str, ...] = (
    "Follow me", "Hidup adalah perjalanan", "I love music", "Open DM", "Simple person 🙂", "Be yourself",
    "Semangat terus 💪", "Never give up", "Promo murah https://promo.example/a1", "Enjoy your life",
)  # fmt: skip
PLACES: tuple[str, ...] = (
    "Indonesia", "Jawa", "di rumah", "Kota kecil", "Sumatra", "Kalimantan", "Sulawesi", "Bali", "Papua", "somewhere",
    "Bumi 🌏", "kampung halaman",
)  # fmt: skip
SITES: tuple[str, ...] = (
    "https://toko.example", "https://catatan.example/tulisan", "https://warung.example/menu", "https://foto.example",
)  # fmt: skip

_MAX_HANDLE = 15


def pick(random: np.random.Generator, words: tuple[str, ...], n: int) -> pa.Array:
    """Draw `n` words with equal chance, large_string, shape (n,)."""
    return pa.array(words, pa.large_string()).take(pa.array(integers(random, len(words), n)))


def integers(random: np.random.Generator, below: int, n: int) -> NDArray[np.int64]:
    """Draw `n` whole numbers from 0 to below - 1, made of plain uniform draws so that every numpy gives the same."""
    return (random.random(n) * below).astype(np.int64)


def family_names(random: np.random.Generator, n: int) -> pa.Array:
    """Make family names of two or three syllables, capitalised, shape (n,)."""
    parts = [pick(random, SYLLABLES, n), pick(random, SYLLABLES, n), pick(random, SYLLABLES, n)]
    third = where(random.random(n) < 0.6, parts[2], "")
    return pc.utf8_capitalize(join(parts[0], parts[1], third))


def make_display_names(random: np.random.Generator, n: int) -> pa.Array:
    """Make display names: mostly first and family name, some in other scripts, some with an emoji, shape (n,)."""
    first = where(random.random(n) < 0.06, pick(random, OTHER_SCRIPTS, n), pick(random, FIRST_NAMES, n))
    family = family_names(random, n)
    names = where(random.random(n) < 0.72, join(first, family, separator=" "), first)
    marked = join(names, pick(random, NAME_MARKS, n), separator=" ")
    names = where(random.random(n) < 0.14, marked, names)
    return where(random.random(n) < 0.08, pc.utf8_lower(names), names)


def make_handles(random: np.random.Generator, is_batch: NDArray[np.bool_]) -> pa.Array:
    """Make handles of at most 15 characters, unique in lower case, shape (n,).

    People use names, words and birth years; batches a name and a run of random digits. Every handle holds a hyphen,
    which Twitter, Instagram and TikTok do not allow: no simulated account can carry the name of a real one.
    """
    n = len(is_batch)
    first, family = pick(random, FIRST_NAMES, n), family_names(random, n)
    second = where(random.random(n) < 0.35, pick(random, WORDS, n), family)
    people = pc.utf8_slice_codeunits(join(first, second, separator="-"), 0, 12)
    people = where(random.random(n) < 0.75, pc.utf8_lower(people), people)
    year = pc.cast(pa.array(1960 + integers(random, 48, n)), pa.large_string())
    short_year = pc.utf8_slice_codeunits(year, 2, 4)
    style = random.random(n)
    digits = where(style < 0.16, year, where(style < 0.42, short_year, ""))
    people = join(pc.utf8_slice_codeunits(people, 0, 11), digits)
    number = pc.cast(pa.array(1000 + integers(random, 9_999_000, n)), pa.large_string())
    stem = pc.utf8_slice_codeunits(where(random.random(n) < 0.5, first, family), 0, 7)
    batch = join(stem, number, separator="-")
    # A stream of its own: all that is drawn later stays what the seed has always given.
    return _unique(where(is_batch, batch, people), random.spawn(1)[0])


def make_bios(random: np.random.Generator, is_seller: NDArray[np.bool_]) -> pa.Array:
    """Make bios: one to three parts for people, one of a few copied texts for bought accounts, shape (n,)."""
    n = len(is_seller)
    separator = pick(random, (" | ", " • ", ". ", "\n"), n)
    style = random.random(n)
    one, two, three = (pick(random, BIO_PARTS, n) for _ in range(3))
    pair = join(one, separator, two)
    triple = join(pair, separator, three)
    people = where(style < 0.4, one, where(style < 0.8, pair, triple))
    return where(is_seller, pick(random, SELLER_BIOS, n), people)


def join(*parts: pa.Array, separator: str = "") -> pa.Array:
    """Join texts row by row."""
    return pc.binary_join_element_wise(*parts, pa.scalar(separator, pa.large_string()))


def where(condition: NDArray[np.bool_], then: pa.Array, otherwise: pa.Array | str) -> pa.Array:
    """Choose row by row between two texts."""
    if isinstance(otherwise, str):
        otherwise = pa.scalar(otherwise, pa.large_string())
    return pc.if_else(pa.array(condition), then, otherwise)


def _unique(handles: pa.Array, random: np.random.Generator) -> pa.Array:
    """Give every handle but one of equals a number, on ever shorter stems, until all differ in lower case.

    Who keeps a handle bare, and which number another gets, is chance: else they would tell where in the list it stands.
    """
    order, numbers = _scattered(random, len(handles))
    digits = pc.cast(pa.array(numbers), pa.large_string())
    for stem in range(_MAX_HANDLE - 7, 0, -1):
        codes = pc.utf8_lower(handles).dictionary_encode().indices.to_numpy()
        _, first = np.unique(codes[order], return_index=True)
        is_repeated = np.ones(len(codes), dtype=np.bool_)
        is_repeated[order[first]] = False
        if not is_repeated.any():
            break
        handles = where(is_repeated, join(pc.utf8_slice_codeunits(handles, 0, stem), digits), handles)
    return handles


def _scattered(random: np.random.Generator, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows in random order, and for each row a number of at most seven digits that no other row has."""
    order = np.argsort(random.random(n), kind="stable")
    numbers = np.empty(n, dtype=np.int64)
    numbers[order] = np.arange(n)
    # Spread over five or seven digits: numbers of a short list would all be small.
    step = (100_000 if n <= 100_000 else 10_000_000) // max(n, 1)
    return order, numbers * step + integers(random, step, n)
