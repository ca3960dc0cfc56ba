"""What firms do, and with that who works there and as what."""

import random
from dataclasses import dataclass

from contracts.membership.organisation import Workforce
from kernel.codes.skill_level import SkillLevel
from kernel.codes.worker_category import WorkerCategory as Category

#: Titles of posts in production, in offices, and of those who work by platform.
_PRODUCTION = ("操作工", "装配工", "数控车工", "铣工", "模具工", "电工", "焊工", "质检员", "叉车工", "班组长")
_OFFICE = ("行政专员", "销售代表", "工程师", "会计", "采购员", "仓库管理员", "客服专员", "技术员")
_TITLES = {
    Category.COURIER: "快递员",
    Category.FOOD_DELIVERY_RIDER: "外卖配送员",
    Category.TRUCK_DRIVER: "货车司机",
    Category.RIDE_HAILING_DRIVER: "网约车司机",
    Category.OTHER_NEW_EMPLOYMENT: "分拣员",
}
#: Who join a union of new employment, and who work for a firm that sends goods; how many of each in a hundred.
_PLATFORM = {
    Category.COURIER: 38,
    Category.FOOD_DELIVERY_RIDER: 34,
    Category.TRUCK_DRIVER: 16,
    Category.RIDE_HAILING_DRIVER: 8,
    Category.OTHER_NEW_EMPLOYMENT: 4,
}
_MIXES = {"供应链": {Category.EMPLOYED_STAFF: 55, Category.TRUCK_DRIVER: 25, Category.COURIER: 20}}
_STAFF = {Category.EMPLOYED_STAFF: 100}
#: Certificates of those who work in production; some have none.
_SKILLS = (
    *(None, None, SkillLevel.JUNIOR, SkillLevel.INTERMEDIATE, SkillLevel.INTERMEDIATE),
    *(SkillLevel.SENIOR, SkillLevel.TECHNICIAN, SkillLevel.SENIOR_TECHNICIAN),
)


@dataclass(frozen=True, slots=True)
class Trade:
    """A branch of industry (GB/T 4754-2017)."""

    name: str
    code: str
    #: Women in a hundred of its workers, and industrial workers in a hundred of its staff.
    women: int
    industrial: int


#: What firms of the demo make or do.
TRADES = (
    Trade("精密机械", "C34", 24, 78),
    Trade("智能装备", "C35", 22, 70),
    Trade("汽车零部件", "C36", 28, 80),
    Trade("电气", "C38", 38, 74),
    Trade("电子元件", "C39", 52, 76),
    Trade("高分子材料", "C29", 26, 75),
    Trade("纺织", "C17", 62, 84),
    Trade("服饰", "C18", 72, 82),
    Trade("食品", "C14", 56, 77),
    Trade("包装", "C22", 40, 79),
    Trade("生物制药", "C27", 50, 60),
    Trade("建筑安装", "E49", 12, 66),
    Trade("供应链", "G59", 26, 0),
    Trade("信息技术", "I65", 36, 0),
    Trade("物业服务", "K70", 54, 0),
)
#: What the firms do at whose stations couriers and riders meet.
DELIVERY = Trade("同城配送", "G60", 14, 0)


@dataclass(frozen=True, slots=True)
class Job:
    """Somebody's work."""

    category: Category
    is_industrial_worker: bool
    title: str
    skill_level: SkillLevel | None


def job(chance: random.Random, trade: Trade, workforce: Workforce) -> Job:
    """The work of somebody in this trade whom a union of this workforce organises."""
    mix = _PLATFORM if workforce is Workforce.NEW_EMPLOYMENT else _MIXES.get(trade.name, _STAFF)
    (category,) = chance.choices(list(mix), list(mix.values()))
    if category is not Category.EMPLOYED_STAFF:
        return Job(category, False, _TITLES[category], None)
    if chance.randrange(100) >= trade.industrial:
        return Job(category, False, chance.choice(_OFFICE), None)
    return Job(category, True, chance.choice(_PRODUCTION), chance.choice(_SKILLS))
