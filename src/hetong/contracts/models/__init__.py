from .contract import Contract, ContractParty, Member, Relation
from .line import Line
from .paper import Loan, Original
from .plan import Instalment, Milestone
from .project import Project
from .setup import ContractType, Status
from .trace import AbnormalFlag, RenewalDecision, StageMove, Waiver

__all__ = [
    "AbnormalFlag", "Contract", "ContractParty", "ContractType", "Instalment", "Line", "Loan", "Member", "Milestone", "Original",
    "Project", "Relation", "RenewalDecision", "StageMove", "Status", "Waiver",
]  # fmt: skip
