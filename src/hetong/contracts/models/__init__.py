from .contract import Contract, ContractParty, Member, Relation
from .line import Line
from .project import Project
from .setup import ContractType, Status
from .trace import AbnormalFlag, StageMove

__all__ = [
    "AbnormalFlag", "Contract", "ContractParty", "ContractType", "Line", "Member", "Project", "Relation", "StageMove",
    "Status",
]  # fmt: skip
