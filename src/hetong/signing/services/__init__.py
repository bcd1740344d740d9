from .copies import Signer, mark_side_signed, read_signer, record_signed_copy
from .envelopes import (
    EnvelopeOpen,
    EnvelopeOver,
    EnvelopeRequest,
    open_envelopes,
    recall_envelopes,
    register_gates,
)

__all__ = [
    "EnvelopeOpen", "EnvelopeOver", "EnvelopeRequest", "Signer", "mark_side_signed", "open_envelopes", "read_signer", "recall_envelopes",
    "record_signed_copy", "register_gates",
]  # fmt: skip
