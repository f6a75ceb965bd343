"""Addresses of articles: one spelling to keep and show, and one key for all spellings of the same address."""

import re
import unicodedata
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit, urlunsplit

from corrections.domain import limits


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_PORTS: Final = {"http": 80, "https": 443}
_SAFE_IN_PATH = "/:@!$&'()*+,;=~-._"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?%[]"
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}\ud800-\udfff]")
_WRAPPED = re.compile(r"\A<(?:url:)?\s*(\S+?)\s*>\Z", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_IP6 = re.compile(r"[0-9a-f:.]+\Z")

# A name as people type it without "https://": the last label is no number.
_HOST_SHAPE = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})"
_BARE_ADDRESS = re.compile(rf"{_HOST_SHAPE}(?::\d{{1,5}})?(?P<rest>[/?#]\S*)?\Z", re.IGNORECASE)
_SCHEME = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
# A bare host without a path could also be a title ("Node.js"): only endings that hardly any word has.
_PLAIN_ENDINGS: Final = _words(
    """com org net edu gov mil int info biz news press blog media magazine io co eu uk us ca au nz ie za in de at ch fr
    be nl lu es pt it pl cz sk hu ro bg gr se no dk fi is ee lv lt ru ua by tr il jp
    cn kr tw hk sg br mx ar cl"""
)

_TRACKING: Final = _words(
    """fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id mc_cid mc_eid mkt_tok
    _hsenc _hsmi vero_id oly_anon_id oly_enc_id wickedid spm scid s_cid ncid cmpid cmp icid ocid ito ref ref_src ref_url
    referrer referer src source via smid smtyp share shared sharetype st_source socialnetwork __twitter_impression
    at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 replytocom xtor wt_mc wt.mc_id partner feature
    guccounter guce_referrer guce_referrer_sig ns_mchannel ns_source ns_campaign ns_linkname ns_fee _ga _gl"""
)
_TRACKING_STARTS: Final = ("utm_", "pk_", "mtm_", "matomo_", "hsa_", "itm_", "int_", "ga_")
_OTHER_VIEWS: Final = frozenset(
    [("amp", value) for value in ("", "1", "true", "amp")]
    + [("outputtype", "amp"), ("output", "amp"), ("view", "print"), ("view", "amp"), ("printable", "yes"), ("m", "1")]
    + [("print", value) for value in ("", "1", "true", "yes", "print")]
    + [("mode", "print"), ("format", "amp"), ("mobile", "1")]
)
_OTHER_HOSTS: Final = frozenset({"www", "m", "mobile", "amp", "wap", "touch"})
_COPY = re.compile(
    r"\A(?:(?:www\.)?google\.[a-z.]+/amp/(?:s/)?|web\.archive\.org/web/\d+(?:[a-z]{2}_)?/|archive\.org/wayback/\d+/"
    r"|[a-z0-9-]+\.cdn\.ampproject\.org/[acv]/(?:s/)?|translate\.google\.[a-z.]+/translate\?u=)(?:https?:/{1,2})?(?=[^/]+\.)"
)
_TELLING_SEGMENT: Final = 12  # letters
_TELLING_WORDS: Final = 3
_PATH_ENDS = re.compile(
    r"(?:/(?:index|default)\.(?:html?|php|aspx?|jsp|shtml)|/(?:amp|print|printable|print\.html|amp\.html)|/+)\Z",
    re.IGNORECASE,
)
_AMP_NAME = re.compile(r"[._-]amp(?=\.html?\Z)|\.amp\Z", re.IGNORECASE)


def canonical_url(url: str) -> str | None:
    """The address as it is kept and shown: absolute, http or https, ASCII, without fragment, port 443 or credentials.

    None if it is no such address, or is longer than ``limits.URL``.
    """
    parts = _split(url.strip())
    if parts is None:
        return None
    try:
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if host is None:
        return None
    where = host if port in {None, _PORTS[parts.scheme]} else f"{host}:{port}"
    path = _without_dots(_percent(parts.path, _SAFE_IN_PATH)) or "/"
    whole = urlunsplit((parts.scheme, where, path, _percent(parts.query, _SAFE_IN_QUERY, decode=False), ""))
    return whole if len(whole) <= limits.URL else None


def url_key(url: str) -> str:
    """What the addresses of one article share, for comparing and looking up; never shown, and no address itself.

    Scheme, ``www.``, mobile, AMP and print variants, tracking parameters and their order, index pages and the final
    slash are off; copies in the common caches stand for what they copy. Text that is no address gives itself in lower
    case.
    """
    canonical = canonical_url(with_scheme(url))
    if canonical is None:
        return " ".join(url.split()).lower()
    bare = canonical.partition("://")[2]
    copied = _COPY.sub("", bare, count=1)
    if copied != bare and (inner := canonical_url("https://" + copied.replace("%3A", ":").replace("%2F", "/"))):
        canonical = inner
    parts = urlsplit(canonical)
    path = _key_path(parts.path)
    query = urlencode(sorted(_telling(parts.query)))
    return _key_host(parts.netloc) + path + ("?" + query if query else "")


def last_segment(url: str) -> str:
    """The end of the address's path, as in its key, where it tells an article from others on any host; else ''.

    Copies of an article mostly keep the words of its address: "a-ferry-for-the-island", not "index", "2024" or "news".
    """
    end = url_key(url).partition("?")[0].partition("/")[2].rpartition("/")[2]
    return end if len(end) >= _TELLING_SEGMENT and len(re.findall(r"[^\W_]+", end)) >= _TELLING_WORDS else ""


def looks_like_url(text: str) -> bool:
    """Whether a person who typed this meant an address: "https://...", "www...", "example.org/a"; not "Dr. No"."""
    text = _unwrapped(text)
    if not text or len(text) > limits.URL or re.search(r"\s", text):
        return False
    if _SCHEME.match(text):
        return True
    bare = _BARE_ADDRESS.match(text)
    if bare is None:
        return False
    host = re.split(r"[/?#:]", text, maxsplit=1)[0].lower()
    # "Dr.No" ends in a country's letters as well, but an address is not written with a capital there.
    ending = text.rpartition(".")[2]
    return bool(bare["rest"]) or host.startswith("www.") or (ending.lower() in _PLAIN_ENDINGS and not ending.istitle())


def host_of(url: str) -> str | None:
    """The host of an address in lower-case ASCII, without port; None if it is no address."""
    parts = _split(with_scheme(url))
    try:
        return ascii_host(parts.hostname or "") if parts else None
    except ValueError:
        return None


def with_scheme(url: str) -> str:
    """The address with "https://" before it, if it was typed without."""
    url = _unwrapped(url)
    if url.startswith("//"):
        return "https:" + url
    return url if "://" in url.partition("?")[0] or not looks_like_url(url) else "https://" + url


def ascii_host(host: str) -> str | None:
    """A host name in lower-case ASCII (RFC 5891 without its tables), or an IP address; None if it is neither."""
    host = unicodedata.normalize("NFKC", host).lower().replace("\u3002", ".").rstrip(".")
    if ":" in host:
        return f"[{host}]" if _IP6.match(host) else None
    labels = []
    for label in host.split("."):
        plain = label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        if not _LABEL.match(plain):
            return None
        labels.append(plain)
    whole = ".".join(labels)
    return whole if len(whole) <= 253 else None  # noqa: PLR2004 - RFC 1035, section 2.3.4


def _split(url: str) -> SplitResult | None:
    url = _unwrapped(url)
    if len(url) > limits.URL or not _SCHEME.match(url):
        return None
    authority = re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]
    if _FORBIDDEN.search(authority) or re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", url):
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _unwrapped(url: str) -> str:
    url = url.strip()
    wrapped = _WRAPPED.match(url)
    return wrapped.group(1) if wrapped else url


def _percent(part: str, safe: str, *, decode: bool = True) -> str:
    """The part of an address in one spelling of its percent signs; ``decode`` undoes those that are not needed."""
    if not decode:
        return re.sub(r"%[0-9a-fA-F]{2}", lambda code: code.group().upper(), quote(part, safe=safe))
    # A slash or a percent sign that was written as a code means something else than one written plainly.
    pieces = re.split(r"(%2[fF]|%25|%3[fF]|%23)", part)
    return "".join(
        piece.upper() if place % 2 else quote(unquote_to_bytes(piece), safe=safe) for place, piece in enumerate(pieces)
    )


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == ".." and kept:
            kept.pop()
        elif segment not in {".", ".."}:
            kept.append(segment)
    folder = segments[-1] in {".", ".."} and bool(kept)
    return "/" + "/".join(kept) + ("/" if folder else "")


def _key_host(netloc: str) -> str:
    labels = netloc.split(".")
    while len(labels) > 2 and labels[0] in _OTHER_HOSTS:  # noqa: PLR2004 - a name needs two labels
        del labels[0]
    return ".".join(labels)


def _key_path(path: str) -> str:
    path = re.sub(r"/{2,}", "/", path)
    path = _AMP_NAME.sub("", path)
    while (shorter := _PATH_ENDS.sub("", path)) != path:
        if not shorter.strip("/") and path.strip("/").lower() in {"amp", "print", "printable"}:
            break
        path = shorter
    if path.lower().startswith("/amp/"):
        path = path[4:]
    return path


def _telling(query: str) -> list[tuple[str, str]]:
    """The parameters that tell one article from another."""
    found = []
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=None):
        low = name.lower()
        if low in _TRACKING or low.startswith(_TRACKING_STARTS) or (low, value.lower()) in _OTHER_VIEWS:
            continue
        found.append((name, value))
    return found
