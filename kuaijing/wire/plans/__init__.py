"""Plan documents as files: read with every fault listed, written again, stored by digest. The files are in docs/contracts.md."""

from kuaijing.wire.plans.canonical import canonical, digest_of, from_canonical
from kuaijing.wire.plans.export import files_of, write_folder, zip_of
from kuaijing.wire.plans.faults import Fault, PlanRefused
from kuaijing.wire.plans.read import read_plan

__all__ = [
    "Fault",
    "PlanRefused",
    "canonical",
    "digest_of",
    "files_of",
    "from_canonical",
    "read_plan",
    "write_folder",
    "zip_of",
]
