"""Report to fix: what a device sent is judged step by step; what it means (arrived, lost contact) is detected."""

from kuaijing.tracking.facts import DeviceFacts
from kuaijing.tracking.live_table import LiveTable, LiveView
from kuaijing.tracking.pipeline import Judgement, Pipeline
from kuaijing.tracking.reports import KEPT, Fix, Reason, Refusal, Report
from kuaijing.tracking.thresholds import DEFAULT_THRESHOLDS, Thresholds

__all__ = [
    "DEFAULT_THRESHOLDS",
    "KEPT",
    "DeviceFacts",
    "Fix",
    "Judgement",
    "LiveTable",
    "LiveView",
    "Pipeline",
    "Reason",
    "Refusal",
    "Report",
    "Thresholds",
]
