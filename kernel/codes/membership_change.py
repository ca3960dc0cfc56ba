"""How and why a membership changes, as the register of members writes it down (R-MEM-17)."""

from kernel.codes.code_list import CodeList


class ChangeType(CodeList):
    """The list of the real-name register of members (certainty V2)."""

    JOINED = "1", "入会", "joined"
    TRANSFERRED_IN = "2", "转入", "transferred in"
    RETAINED = "3", "保留", "retained", "保留会籍"
    TRANSFERRED_OUT = "4", "转出", "transferred out"
    EXPELLED = "5", "除名", "expelled"
    WITHDRAWN = "6", "退会", "withdrawn"


class ChangeReason(CodeList):
    """The list of the real-name register of members (certainty V2)."""

    LABOUR_RELATION_CHANGED = "1", "劳动(工作)关系发生变化", "labour relation changed", "劳动关系发生变化"
    AWAITING_POST = "2", "在本单位下岗后待岗", "laid off and awaiting a post with the same employer"
    UNEMPLOYED = "3", "失业", "unemployed"
    EMPLOYER_BANKRUPT = "4", "所在企业破产", "employer bankrupt"
    OWN_REQUEST = "5", "个人要求退会", "own request"
    CRIME = "6", "因犯罪被开除会籍", "expelled for a crime"
