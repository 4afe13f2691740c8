"""Header words in English and Indonesian, and the canonical column each stands for.

Within one column the order is the precedence when a table has several of them. All words are in the form that
`botscan.readers.words.headers.normalise` gives. Words that need more than the header to be understood are left out:
``status`` (free text), ``timestamp``, ``date``, ``media``, ``position`` (from which end?), addresses of pictures.
"""

from __future__ import annotations

from botscan.schema import RecordKind

#: Canonical column of accounts to header words; the canonical name itself comes first for every column.
ACCOUNT_SYNONYMS: dict[str, tuple[str, ...]] = {
    "account_id": (
        "id str", "user id", "userid", "id", "pk", "uid", "rest id", "channel id", "did",
        "id akun", "id pengguna", "nomor akun",
    ),
    "platform": (),
    "handle": (
        "username", "user name", "screen name", "login", "unique id", "account", "acct", "account address",
        "nama pengguna", "nama akun", "akun", "profile url", "profile link", "tautan profil", "url profil",
    ),
    "display_name": (
        "displayname", "name", "full name", "fullname", "nickname", "title",
        "nama lengkap", "nama tampilan", "nama profil", "nama",
    ),
    "bio": (
        "biography", "description", "about", "signature", "note", "biodata", "deskripsi", "keterangan", "tentang",
    ),
    "location": ("place", "city", "country", "lokasi", "kota", "domisili", "negara"),
    "website": ("url", "link", "external url", "bio url", "situs", "situs web", "laman", "tautan"),
    "language": ("lang", "bahasa"),
    "created_at": (
        "created", "joined", "join date", "account created", "registered", "date created",
        "bergabung", "tanggal bergabung", "bergabung pada", "tanggal dibuat", "dibuat pada", "tgl bergabung",
    ),
    "created_at_precision": (),
    "observed_at": (
        "collected at", "retrieved at", "crawled at", "scraped at", "snapshot date", "updated",
        "tanggal data", "diambil pada", "tanggal pengambilan", "per tanggal",
    ),
    "last_post_at": (
        "last post", "last tweet", "last status", "last activity",
        "postingan terakhir", "unggahan terakhir", "kiriman terakhir", "aktivitas terakhir",
    ),
    "followed_at": (
        "follow date", "subscribed at", "follower since", "mengikuti sejak", "tanggal mengikuti", "diikuti pada",
    ),
    "follow_rank": (),
    "followers_count": (
        "followers", "follower count", "fans", "subscribers", "subscriber count", "edge followed by",
        "pengikut", "jumlah pengikut", "subscriber", "pelanggan", "penggemar",
    ),
    "following_count": (
        "following", "follows", "follows count", "friends", "friends count", "followees",
        "mengikuti", "jumlah mengikuti", "yang diikuti",
    ),
    "posts_count": (
        "posts", "post count", "tweets", "tweet count", "tweets count", "statuses", "statuses count", "media count",
        "videos", "video count", "uploads",
        "postingan", "jumlah postingan", "kiriman", "unggahan", "cuitan", "twit", "video", "jumlah konten",
    ),
    "likes_given_count": (
        "favourites count", "favorites count", "favourites", "favorites", "likes given", "digg count",
        "suka diberikan", "jumlah menyukai",
    ),
    "likes_received_count": (
        "likes received", "heart count", "total likes", "total favorited", "suka diterima", "total suka",
    ),
    "listed_count": ("listed", "lists", "daftar", "jumlah daftar"),
    "is_verified": ("verified", "terverifikasi", "centang biru", "verifikasi"),
    "is_private": ("private", "protected", "locked", "akun privat", "privat", "pribadi", "dikunci"),
    "is_business": ("business", "is business account", "professional", "akun bisnis", "bisnis", "profesional"),
    "is_declared_bot": ("bot", "is bot", "automated", "otomatis"),
    "has_avatar": ("profile picture", "avatar", "foto profil", "gambar profil", "ada foto"),
    "has_website": (),
    "has_default_theme": ("default profile",),
    "has_geo": ("geo enabled",),
    "account_status": ("status akun",),
    "handle_length": (),
    "handle_digits": (),
    "handle_digit_ratio": (),
    "bio_length": (),
    "display_name_words": (),
}  # fmt: skip

#: Words that say the opposite of a flag.
NEGATED: dict[str, str] = {
    "default profile image": "has_avatar",
    "has anonymous profile picture": "has_avatar",
}

#: "Likes" of an account: given on Twitter, received on TikTok, anybody's guess elsewhere.
LIKES = ("likes", "suka", "jumlah suka")
LIKES_COLUMN: dict[str, str] = {"twitter": "likes_given_count", "tiktok": "likes_received_count"}

#: "Followed" is said in both directions; beside a followers column it can only be the following.
FOLLOWED = "diikuti"

#: Canonical column of posts to header words.
POST_SYNONYMS: dict[str, tuple[str, ...]] = {
    "account_id": ("author id", "user id", "userid", "owner id", "channel id", "id akun", "id pengguna", "nomor akun"),
    "post_id": (
        "id str", "tweet id", "status id", "video id", "media id", "shortcode", "short code", "id",
        "id postingan", "id kiriman",
    ),
    "posted_at": (
        "created at", "post created", "published", "published at", "post date", "date", "timestamp", "taken at",
        "create time", "tanggal posting", "waktu unggah", "tanggal unggah", "waktu posting", "tanggal",
    ),
    "text": (
        "full text", "rawcontent", "caption", "message", "content", "title",
        "teks", "isi", "pesan", "keterangan", "tulisan",
    ),
    "language": ("lang", "bahasa"),
    "source_app": ("source", "app", "source label", "aplikasi"),
    "likes_count": (
        "like count", "likes", "favorite count", "favourite count", "favourites count", "favorites", "reactions",
        "suka", "jumlah suka", "reaksi",
    ),
    "comments_count": (
        "comment count", "comments", "reply count", "replies", "komentar", "jumlah komentar", "balasan",
    ),
    "reposts_count": (
        "repost count", "reposts", "retweet count", "retweets", "share count", "shares", "reblogs count",
        "bagikan", "dibagikan", "retweet", "posting ulang",
    ),
    "views_count": (
        "view count", "views", "play count", "plays", "impression count", "impressions",
        "tayangan", "dilihat", "ditonton", "penayangan",
    ),
    "is_repost": ("is retweet", "retweeted"),
    "is_reply": ("reply",),
}  # fmt: skip

#: Canonical column of counts over time to header words.
SERIES_SYNONYMS: dict[str, tuple[str, ...]] = {
    "account_id": ACCOUNT_SYNONYMS["account_id"],
    "handle": ACCOUNT_SYNONYMS["handle"],
    "counted_at": (
        "date", "tanggal", "tgl", "timestamp", "day", "hari", "week", "minggu", "month", "bulan",
        *ACCOUNT_SYNONYMS["observed_at"],
    ),
    "followers_count": ("total followers", "total pengikut", *ACCOUNT_SYNONYMS["followers_count"]),
    "followers_gained": (
        "gained", "new followers", "followers change", "follower change", "change", "growth", "net followers",
        "pengikut baru", "perubahan", "penambahan", "penambahan pengikut",
    ),
}  # fmt: skip

#: Header words of a table that counts one thing over time, not accounts.
DATES_OF_A_SERIES = frozenset({"date", "day", "week", "month", "tanggal", "tgl", "hari", "minggu", "bulan"})

#: Header words of a table of posts.
SIGNS_OF_POSTS = frozenset({
    "text", "full text", "tweet id", "author id", "conversation id", "retweet count", "post id", "caption",
})  # fmt: skip

#: Columns that make a table a list of accounts: an identity, or something counted.
IDENTITIES = ("account_id", "handle")

SYNONYMS_OF: dict[RecordKind, dict[str, tuple[str, ...]]] = {
    "accounts": ACCOUNT_SYNONYMS,
    "posts": POST_SYNONYMS,
    "series": SERIES_SYNONYMS,
}
