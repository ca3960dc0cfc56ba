"""The kinds of worker that programmes and figures tell apart; no national standard lists platform workers yet."""

from kernel.codes.code_list import CodeList


class WorkerCategory(CodeList):
    """The project's own list; 11 to 19 are the workers in new forms of employment."""

    EMPLOYED_STAFF = "10", "单位职工", "employed staff", "职工"
    TRUCK_DRIVER = "11", "货车司机", "truck driver"
    RIDE_HAILING_DRIVER = "12", "网约车司机", "ride-hailing driver"
    COURIER = "13", "快递员", "courier"
    FOOD_DELIVERY_RIDER = "14", "外卖配送员", "food-delivery rider", "外卖员", "外卖骑手"
    OTHER_NEW_EMPLOYMENT = "19", "其他新就业形态劳动者", "other worker in a new form of employment"
    OTHER = "90", "其他", "other"
