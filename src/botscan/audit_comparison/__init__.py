"""Two audits compared: after a month, or after a model upgrade."""

from botscan.audit_comparison.compare import compare_audits
from botscan.audit_comparison.comparison import AuditComparison

__all__ = ["AuditComparison", "compare_audits"]
