"""A share as it is always given: numerator, denominator, 95 % Wilson interval, and how many could not be measured."""

import math
from typing import Final

from kuaijing.wire.pictures import ShareView

_Z: Final = 1.959963984540054
"""97.5th percentile of the normal distribution."""


def share_view(met: int, of: int, unmeasured: int = 0) -> ShareView:
    """``met`` out of ``of``; Wilson (1927), Journal of the American Statistical Association 22(158), 209-212."""
    if not 0 <= met <= of:
        raise ValueError(f"met must be in [0, {of}], got {met}")
    if of == 0:
        return ShareView(0, 0, None, None, None, unmeasured)
    share, z2 = met / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    low = 0.0 if met == 0 else max(0.0, middle - half)
    high = 1.0 if met == of else min(1.0, middle + half)
    return ShareView(met, of, share, low, high, unmeasured)
