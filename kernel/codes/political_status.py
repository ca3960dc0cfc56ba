"""Political status as the national standard codes it; it is sealed wherever it is kept."""

from kernel.codes.code_list import CodeList


class PoliticalStatus(CodeList):
    """GB/T 4762-1984; 05 to 13 are from memory (certainty MH)."""

    CPC_MEMBER = "01", "中国共产党党员", "member of the Communist Party of China", "中共党员", "党员"
    CPC_PROBATIONARY_MEMBER = (
        *("02", "中国共产党预备党员", "probationary member of the Communist Party of China"),
        *("中共预备党员", "预备党员"),
    )
    LEAGUE_MEMBER = "03", "中国共产主义青年团团员", "member of the Communist Youth League", "共青团员", "团员"
    RCCK_MEMBER = (
        *("04", "中国国民党革命委员会会员", "member of the Revolutionary Committee of the Kuomintang"),
        *("民革会员", "民革党员"),
    )
    CDL_MEMBER = "05", "中国民主同盟盟员", "member of the China Democratic League", "民盟盟员"
    CNDCA_MEMBER = "06", "中国民主建国会会员", "member of the National Democratic Construction Association", "民建会员"
    CAPD_MEMBER = "07", "中国民主促进会会员", "member of the Association for Promoting Democracy", "民进会员"
    CPWDP_MEMBER = "08", "中国农工民主党党员", "member of the Peasants' and Workers' Democratic Party", "农工党党员"
    ZHI_GONG_MEMBER = "09", "中国致公党党员", "member of the China Zhi Gong Party", "致公党党员"
    JIUSAN_MEMBER = "10", "九三学社社员", "member of the Jiusan Society"
    TDSL_MEMBER = "11", "台湾民主自治同盟盟员", "member of the Taiwan Democratic Self-Government League", "台盟盟员"
    NO_PARTY = "12", "无党派民主人士", "public figure without party", "无党派人士"
    MASSES = "13", "群众", "none of these"
