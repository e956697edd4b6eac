"""The brand's people, products, questions, articles and rewards, in its three languages."""

from dataclasses import dataclass

GIVEN_NAMES = {
    "zh-CN": (
        "伟",
        "芳",
        "娜",
        "敏",
        "静",
        "磊",
        "洋",
        "艳",
        "杰",
        "涛",
        "欣怡",
        "子轩",
        "梓涵",
        "雨桐",
    ),
    "en": ("Ada", "Ben", "Chloe", "Daniel", "Emma", "Grace", "Henry", "Isla", "Jack", "Mia"),
    "ru": ("Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Инна", "Олег", "Полина", "Юрий"),
}
FAMILY_NAMES = {
    "zh-CN": ("王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙"),
    "en": ("Baker", "Clark", "Evans", "Hughes", "Morgan", "Parker", "Reed", "Turner"),
    "ru": ("Коваль", "Мороз", "Соколенко", "Шевченко", "Белых", "Черных", "Живаго", "Дурново"),
}
LANGUAGES = {"zh-CN": 60, "en": 25, "ru": 15}
CHANNELS = {"app_store": 40, "wechat": 30, "referral": 15, "advertisement": 15}


@dataclass(frozen=True, slots=True)
class Product:
    """Something the brand sells; money in minor units of CNY."""

    sku: str
    name: str
    category: str
    amount_minor: int


PRODUCTS = (
    Product("BEAN-YUNNAN", "Yunnan beans, 250 g", "beans", 6_800),
    Product("BEAN-ETHIOPIA", "Ethiopia beans, 250 g", "beans", 9_800),
    Product("BEAN-DECAF", "Decaffeinated beans, 250 g", "beans", 7_600),
    Product("CAPSULES-30", "30 capsules", "capsules", 12_900),
    Product("FILTERS-100", "100 paper filters", "accessories", 2_900),
    Product("CUP-CERAMIC", "Ceramic cup", "accessories", 8_900),
    Product("KETTLE", "Gooseneck kettle", "accessories", 39_900),
    Product("GRINDER", "Hand grinder", "machines", 69_900),
    Product("MACHINE", "Espresso machine", "machines", 329_900),
)


@dataclass(frozen=True, slots=True)
class Talk:
    """What a member may ask, and what an agent answers."""

    question: str
    reply: str


TALKS = {
    "zh-CN": (
        Talk("我的订单什么时候能到?", "您好,包裹已经发出,预计明天送达。"),
        Talk("咖啡机漏水怎么办?", "很抱歉,我们马上为您寄出新的密封圈。"),
        Talk("积分为什么没有到账?", "订单签收后积分会自动到账。"),
        Talk("可以开发票吗?", "可以,电子发票已发送到您的邮箱。"),
    ),
    "en": (
        Talk("Where is my order?", "It left our warehouse today and should arrive tomorrow."),
        Talk("My grinder jams on light roasts.", "A new burr set is on its way to you."),
        Talk("Can I change the delivery address?", "Done: it now goes to your office."),
        Talk("The beans taste stale.", "We are sorry. A fresh bag is on its way, free of charge."),
    ),
    "ru": (
        Talk("Где мой заказ?", "Посылка уже в пути и прибудет завтра."),
        Talk("Как очистить кофемашину?", "Раз в месяц запускайте программу очистки с таблеткой."),
        Talk("Почему не начислены баллы?", "Баллы начисляются после доставки заказа."),
    ),
}
COMMENTS = {
    5: "Quick and kind.",
    4: "Helpful, thank you.",
    3: "It took a while.",
    2: "I had to ask twice.",
    1: "My problem is not solved.",
}
SCORES = {5: 52, 4: 27, 3: 11, 2: 6, 1: 4}

ARTICLES = (
    (
        "orders",
        {
            "zh-CN": ("多久能送达?", "付款后一般两到三个工作日送达,偏远地区需要五天。"),
            "en": ("How long does delivery take?", "Two to three working days after payment."),
            "ru": ("Сколько идёт доставка?", "Два-три рабочих дня после оплаты."),
        },
    ),
    (
        "points",
        {
            "zh-CN": ("积分什么时候到账?", "订单签收后积分立即可用,有效期一年。"),
            "en": ("When do I get my points?", "As soon as the order is delivered; for a year."),
            "ru": ("Когда начисляются баллы?", "Сразу после доставки заказа, на один год."),
        },
    ),
    (
        "machines",
        {
            "zh-CN": ("如何清洁咖啡机?", "每月用清洁片运行一次清洗程序,然后用清水冲洗两遍。"),
            "en": ("How do I clean the machine?", "Once a month with a tablet, then rinse twice."),
            "ru": ("Как чистить кофемашину?", "Раз в месяц с таблеткой, затем дважды промыть."),
        },
    ),
)

REWARDS = (
    ({"zh-CN": "咖啡一杯", "en": "A cup of coffee", "ru": "Чашка кофе"}, 300, None),
    ({"zh-CN": "咖啡豆 250 克", "en": "Beans, 250 g", "ru": "Зёрна, 250 г"}, 900, 400),
    ({"zh-CN": "陶瓷杯", "en": "Ceramic cup", "ru": "Керамическая чашка"}, 1_500, 120),
    ({"zh-CN": "手摇磨豆机", "en": "Hand grinder", "ru": "Ручная кофемолка"}, 8_000, 15),
)

AGENTS = (("mei", "Mei"), ("oleg", "Oleg"), ("grace", "Grace"))
