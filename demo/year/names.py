"""Names of places, firms and people, put together from syllables: a firm's begins with a place that does not exist."""

import random
from collections.abc import Iterator
from itertools import product

from kernel.codes.sex import Sex

#: Two syllables make a place; none of these is a county, city or district.
_PLACE_FIRST, _PLACE_SECOND = "霁沄湉垚岚溦淏峣昀澔", "栎浔沅汀埠畹陉墉圩楹"
#: Two syllables make a firm's own name.
_FIRM_FIRST, _FIRM_SECOND = "青远恒嘉瑞启明晟宏睿泽凌盈卓拓朗沐禾谷景融", "禾帆川岳辰野驰峰越泓程岭源舟衡屿桥榆昶澜霖"
#: Family names, the frequent ones first, and how much rarer each next one is.
_FAMILIES = (
    "王李张刘陈杨赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程"
    "曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
)
_RARER = 0.96
#: Syllables of given names.
_MEN, _WOMEN = (
    "伟强磊军勇杰涛超明刚平辉鹏飞建国志海波斌宇浩峰成龙俊",
    "芳敏静丽艳霞燕玲玉兰萍红梅英秀云慧莉琴洁颖欣雪佳莹",
)
_EITHER = "文华晓春林宁新安亚永"


def place(number: int) -> str:
    """One of a hundred places."""
    return _PLACE_FIRST[number // 10 % 10] + _PLACE_SECOND[number % 10]


def firms(chance: random.Random) -> Iterator[str]:
    """The own names of firms, each once."""
    pairs = ["".join(pair) for pair in product(_FIRM_FIRST, _FIRM_SECOND)]
    chance.shuffle(pairs)
    return iter(pairs)


class People:
    """Names people, the frequent family names more often."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._weights = [_RARER**rank for rank in range(len(_FAMILIES))]

    def name(self, sex: Sex) -> str:
        """A family name and one or two syllables; several people may have the same name."""
        (family,) = self._chance.choices(_FAMILIES, self._weights)
        syllables = (_MEN if sex is Sex.MALE else _WOMEN) + _EITHER
        return family + "".join(self._chance.choices(syllables, k=self._chance.choice((1, 2, 2, 2))))
