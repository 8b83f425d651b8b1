"""The few distributions that the statistics need, by the names and arguments of scipy.stats.

To load scipy.stats takes every start of the program most of a second, and each of its calls
checks its arguments for longer than it computes. A test holds these to scipy.stats. Parts of scipy
are named in full, because scipy loads them when they are first asked for: pulling needs none.
"""

import numpy as np
import numpy.typing as npt
import scipy

from bot.coaching.evidence.arrays import Floats

Numbers = npt.ArrayLike


class _Normal:
    def cdf(self, x: Numbers) -> Floats:
        return np.asarray(scipy.special.ndtr(x))

    def pdf(self, x: Numbers) -> Floats:
        return np.asarray(np.exp(-(np.asarray(x) ** 2) / 2) / np.sqrt(2 * np.pi))

    def ppf(self, q: Numbers) -> Floats:
        return np.asarray(scipy.special.ndtri(q))

    def isf(self, q: Numbers) -> Floats:
        return np.asarray(-scipy.special.ndtri(q))


class _Gamma:
    """With a rate of 1."""

    def cdf(self, x: Numbers, a: Numbers) -> Floats:
        return np.asarray(scipy.special.gammainc(a, np.maximum(x, 0.0)))

    def sf(self, x: Numbers, a: Numbers) -> Floats:
        return np.asarray(scipy.special.gammaincc(a, np.maximum(x, 0.0)))

    def ppf(self, q: Numbers, a: Numbers) -> Floats:
        return np.asarray(scipy.special.gammaincinv(a, q))

    def isf(self, q: Numbers, a: Numbers) -> Floats:
        return np.asarray(scipy.special.gammainccinv(a, q))


class _Beta:
    def cdf(self, x: Numbers, a: Numbers, b: Numbers) -> Floats:
        return np.asarray(scipy.special.betainc(a, b, np.clip(x, 0.0, 1.0)))

    def sf(self, x: Numbers, a: Numbers, b: Numbers) -> Floats:
        return np.asarray(scipy.special.betaincc(a, b, np.clip(x, 0.0, 1.0)))

    def ppf(self, q: Numbers, a: Numbers, b: Numbers) -> Floats:
        return np.asarray(scipy.special.betaincinv(a, b, q))

    def isf(self, q: Numbers, a: Numbers, b: Numbers) -> Floats:
        return np.asarray(scipy.special.betainccinv(a, b, q))


class _Binomial:
    def cdf(self, k: Numbers, n: Numbers, p: Numbers) -> Floats:
        at, trials = np.floor(k), np.asarray(n, dtype=float)
        inside = (at >= 0) & (at < trials)
        safe, left = np.where(inside, at, 0.0), np.where(inside, trials - at, 1.0)
        return np.asarray(np.where(inside, scipy.special.betaincc(safe + 1, left, p), at >= trials))

    def sf(self, k: Numbers, n: Numbers, p: Numbers) -> Floats:
        at, trials = np.floor(k), np.asarray(n, dtype=float)
        inside = (at >= 0) & (at < trials)
        safe, left = np.where(inside, at, 0.0), np.where(inside, trials - at, 1.0)
        return np.asarray(np.where(inside, scipy.special.betainc(safe + 1, left, p), at < 0))

    def ppf(self, q: Numbers, n: Numbers, p: Numbers) -> Floats:
        """The smallest count of which the cdf reaches ``q``, which lies between 0 and 1."""
        highest = int(np.max(n))
        reached = self.cdf(np.arange(highest + 1), n, p)
        return np.searchsorted(reached, q).astype(float)


class _Poisson:
    def cdf(self, k: Numbers, mu: Numbers) -> Floats:
        return np.asarray(np.where(np.floor(k) < 0, 0.0, scipy.special.pdtr(np.floor(k), mu)))

    def pmf(self, k: Numbers, mu: Numbers) -> Floats:
        count = np.asarray(k, dtype=float)
        return np.asarray(
            np.exp(scipy.special.xlogy(count, mu) - scipy.special.gammaln(count + 1) - mu)
        )

    def ppf(self, q: Numbers, mu: Numbers) -> Floats:
        """The smallest count of which the cdf reaches ``q``, which lies between 0 and 1."""
        found = np.ceil(scipy.special.pdtrik(q, mu))
        below = np.maximum(found - 1, 0)
        return np.asarray(np.where(scipy.special.pdtr(below, mu) >= q, below, found))


class _NegativeBinomial:
    """Of ``n`` successes, which need not be a whole number."""

    def pmf(self, k: Numbers, n: Numbers, p: Numbers) -> Floats:
        count, size = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
        ways = (
            scipy.special.gammaln(size + count)
            - scipy.special.gammaln(count + 1)
            - scipy.special.gammaln(size)
        )
        chance = np.asarray(p)
        return np.asarray(
            np.exp(ways + size * np.log(chance) + scipy.special.xlog1py(count, -chance))
        )

    def cdf(self, k: Numbers, n: Numbers, p: Numbers) -> Floats:
        at = np.floor(k)
        return np.asarray(np.where(at < 0, 0.0, scipy.special.betainc(n, np.maximum(at, 0) + 1, p)))

    def sf(self, k: Numbers, n: Numbers, p: Numbers) -> Floats:
        at = np.floor(k)
        return np.asarray(
            np.where(at < 0, 1.0, scipy.special.betaincc(n, np.maximum(at, 0) + 1, p))
        )


class _Student:
    def sf(self, x: Numbers, df: Numbers) -> Floats:
        return np.asarray(scipy.special.stdtr(df, -np.asarray(x)))

    def isf(self, q: Numbers, df: Numbers) -> Floats:
        return np.asarray(-scipy.special.stdtrit(df, q))


class _ChiSquared:
    def sf(self, x: Numbers, df: Numbers) -> Floats:
        return np.asarray(scipy.special.chdtrc(df, np.maximum(x, 0.0)))


norm = _Normal()
gamma = _Gamma()
beta = _Beta()
binom = _Binomial()
poisson = _Poisson()
nbinom = _NegativeBinomial()
t = _Student()
chi2 = _ChiSquared()
