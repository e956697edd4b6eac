"""Decisions in words, for members: English, Chinese and Russian."""

from collections.abc import Mapping

from services.loyalty.rules.programme.states import Period

Words = Mapping[str, str]

PAID: Words = {
    "en": "“{name}”: {points:point|points}.",
    "zh-CN": "“{name}”：{points} 积分。",
    "ru": "«{name}»: {points:балл|балла|баллов}.",
}
PAID_GROWTH: Words = {
    "en": "“{name}”: {points:growth point|growth points}.",
    "zh-CN": "“{name}”：{points} 成长值。",
    "ru": "«{name}»: {points:балл роста|балла роста|баллов роста}.",
}
ROUNDED: Mapping[str, Words] = {
    "down": {
        "en": "{exact} was rounded down to {asked}.",
        "zh-CN": "{exact} 向下取整为 {asked}。",
        "ru": "{exact} округлено вниз до {asked}.",
    },
    "up": {
        "en": "{exact} was rounded up to {asked}.",
        "zh-CN": "{exact} 向上取整为 {asked}。",
        "ru": "{exact} округлено вверх до {asked}.",
    },
    "half_up": {
        "en": "{exact} was rounded to {asked}.",
        "zh-CN": "{exact} 四舍五入为 {asked}。",
        "ru": "{exact} округлено до {asked}.",
    },
    "half_even": {
        "en": "{exact} was rounded to {asked}.",
        "zh-CN": "{exact} 取整为 {asked}。",
        "ru": "{exact} округлено до {asked}.",
    },
}
TIER_FACTOR: Words = {
    "en": "Your tier multiplies it by {factor}.",
    "zh-CN": "您的等级享 {factor} 倍积分。",
    "ru": "Ваш уровень умножает баллы на {factor}.",
}
MULTIPLIED: Words = {
    "en": "It makes {base:point|points} {factor} times as many.",
    "zh-CN": "使 {base} 积分变为 {factor} 倍。",
    "ru": "Умножает баллы ({base}) на {factor}.",
}
IN_PART: Words = {
    "en": "Only {points} of {asked}:",
    "zh-CN": "{asked} 中仅得 {points}：",
    "ru": "Только {points} из {asked}:",
}
NOTHING: Words = {
    "en": "“{name}”: it came to less than one point.",
    "zh-CN": "“{name}”：不足 1 积分。",
    "ru": "«{name}»: вышло меньше одного балла.",
}
CAPPED: Mapping[str, Mapping[Period, Words]] = {
    "times": {
        Period.DAY: {
            "en": "{used} of {most} daily “{name}” used; resets at 00:00 your time.",
            "zh-CN": "“{name}”今日 {most} 次已用 {used} 次；您当地时间 00:00 重置。",
            "ru": "«{name}»: сегодня использовано {used} из {most}; обновится в 00:00 по вашему"
            " времени.",
        },
        Period.WEEK: {
            "en": "{used} of {most} weekly “{name}” used; resets on Monday at 00:00 your time.",
            "zh-CN": "“{name}”本周 {most} 次已用 {used} 次；您当地时间周一 00:00 重置。",
            "ru": "«{name}»: на этой неделе использовано {used} из {most}; обновится в понедельник"
            " в 00:00 по вашему времени.",
        },
        Period.MONTH: {
            "en": "{used} of {most} monthly “{name}” used; resets on the 1st at 00:00 your time.",
            "zh-CN": "“{name}”本月 {most} 次已用 {used} 次；您当地时间下月 1 日 00:00 重置。",
            "ru": "«{name}»: в этом месяце использовано {used} из {most}; обновится 1-го числа"
            " в 00:00 по вашему времени.",
        },
        Period.YEAR: {
            "en": "{used} of {most} yearly “{name}” used; resets on 1 January.",
            "zh-CN": "“{name}”今年 {most} 次已用 {used} 次；1 月 1 日重置。",
            "ru": "«{name}»: в этом году использовано {used} из {most}; обновится 1 января.",
        },
        Period.EVER: {
            "en": "{used} of {most} “{name}” used.",
            "zh-CN": "“{name}” {most} 次已用 {used} 次。",
            "ru": "«{name}»: использовано {used} из {most}.",
        },
    },
    "points": {
        Period.DAY: {
            "en": "{used} of {most} daily points for “{name}” used; resets at 00:00 your time.",
            "zh-CN": "“{name}”今日 {most} 积分上限已用 {used}；您当地时间 00:00 重置。",
            "ru": "«{name}»: сегодня получено {used} из {most:балла|баллов|баллов}; обновится"
            " в 00:00 по вашему времени.",
        },
        Period.WEEK: {
            "en": "{used} of {most} weekly points for “{name}” used; resets on Monday at 00:00"
            " your time.",
            "zh-CN": "“{name}”本周 {most} 积分上限已用 {used}；您当地时间周一 00:00 重置。",
            "ru": "«{name}»: на этой неделе получено {used} из {most:балла|баллов|баллов};"
            " обновится в понедельник в 00:00 по вашему времени.",
        },
        Period.MONTH: {
            "en": "{used} of {most} monthly points for “{name}” used; resets on the 1st at 00:00"
            " your time.",
            "zh-CN": "“{name}”本月 {most} 积分上限已用 {used}；您当地时间下月 1 日 00:00 重置。",
            "ru": "«{name}»: в этом месяце получено {used} из {most:балла|баллов|баллов}; обновится"
            " 1-го числа в 00:00 по вашему времени.",
        },
        Period.YEAR: {
            "en": "{used} of {most} yearly points for “{name}” used; resets on 1 January.",
            "zh-CN": "“{name}”今年 {most} 积分上限已用 {used}；1 月 1 日重置。",
            "ru": "«{name}»: в этом году получено {used} из {most:балла|баллов|баллов}; обновится"
            " 1 января.",
        },
        Period.EVER: {
            "en": "{used} of {most} points for “{name}” used.",
            "zh-CN": "“{name}” {most} 积分上限已用 {used}。",
            "ru": "«{name}»: получено {used} из {most:балла|баллов|баллов}.",
        },
    },
}
EXHAUSTED: Words = {
    "en": "“{name}”: its budget is used up.",
    "zh-CN": "“{name}”：预算已用完。",
    "ru": "«{name}»: бюджет исчерпан.",
}
SUPERSEDED: Words = {
    "en": "“{name}”: “{by}” applied instead.",
    "zh-CN": "“{name}”：已改用“{by}”。",
    "ru": "«{name}»: вместо этого применено «{by}».",
}
OUTSIDE: Words = {
    "en": "“{name}”: it was not running at that time.",
    "zh-CN": "“{name}”：当时不在活动期间。",
    "ru": "«{name}»: в это время не действовало.",
}
HELD_OUT: Words = {
    "en": "“{name}”: it is for some of the members only, and not for you this time.",
    "zh-CN": "“{name}”：仅面向部分会员，本次未包括您。",
    "ru": "«{name}»: действует не для всех участников, и в этот раз не для вас.",
}
LOOPED: Words = {
    "en": "“{name}”: it gives no points for what it led to itself.",
    "zh-CN": "“{name}”：不为其自身带来的结果发放积分。",
    "ru": "«{name}»: не начисляется за то, к чему привело само.",
}
OTHERWISE: Words = {"en": "“{name}”: {text}", "zh-CN": "“{name}”：{text}", "ru": "«{name}»: {text}"}
FAILED: Words = {
    "en": "“{name}”: not all its conditions were met.",
    "zh-CN": "“{name}”：未满足全部条件。",
    "ru": "«{name}»: выполнены не все условия.",
}
FAILED_TIER: Words = {
    "en": "“{name}”: only for the tiers {tiers}.",
    "zh-CN": "“{name}”：仅限{tiers}。",
    "ru": "«{name}»: только для уровней: {tiers}.",
}
FAILED_TIME: Words = {
    "en": "“{name}”: not at that time.",
    "zh-CN": "“{name}”：该时段不适用。",
    "ru": "«{name}»: не в это время.",
}
FAILED_CURRENCY: Words = {
    "en": "“{name}”: only for orders in {currency}.",
    "zh-CN": "“{name}”：仅限 {currency} 订单。",
    "ru": "«{name}»: только для заказов в {currency}.",
}
FAILED_AMOUNT: Words = {
    "en": "“{name}”: no amount was given.",
    "zh-CN": "“{name}”：没有金额。",
    "ru": "«{name}»: сумма не указана.",
}
CLAIMED: Words = {
    "en": "“{name}”: the code is claimed.",
    "zh-CN": "“{name}”：兑换码已领取。",
    "ru": "«{name}»: код принят.",
}
UNSPOKEN: Words = {
    "en": "The programme gives no points for this.",
    "zh-CN": "此项不在积分计划内。",
    "ru": "За это программа баллов не начисляет.",
}
AWAITS: Words = {
    "en": "The points become available when the order is delivered.",
    "zh-CN": "积分将在订单送达后可用。",
    "ru": "Баллы станут доступны после доставки заказа.",
}
AWAITS_DAYS: Words = {
    "en": "The points become available {days:day|days} after the order is delivered.",
    "zh-CN": "积分将在订单送达 {days} 天后可用。",
    "ru": "Баллы станут доступны через {days:день|дня|дней} после доставки заказа.",
}
PENDING_DAYS: Words = {
    "en": "The points become available after {days:day|days}.",
    "zh-CN": "积分将在 {days} 天后可用。",
    "ru": "Баллы станут доступны через {days:день|дня|дней}.",
}
VALID_DAYS: Words = {
    "en": "They are valid for {days:day|days}.",
    "zh-CN": "有效期 {days} 天。",
    "ru": "Срок действия: {days:день|дня|дней}.",
}
ENTRIES: Mapping[str, Words] = {
    "activate": {
        "en": "{points:pending point|pending points} became available.",
        "zh-CN": "{points} 待生效积分已可用。",
        "ru": "Стали доступны ожидавшие: {points:балл|балла|баллов}.",
    },
    "spend": {
        "en": "{points:point was|points were} spent.",
        "zh-CN": "已使用 {points} 积分。",
        "ru": "Потрачено: {points:балл|балла|баллов}.",
    },
    "hold": {
        "en": "{points:point is|points are} set aside for an order.",
        "zh-CN": "已为订单预留 {points} 积分。",
        "ru": "Отложено для заказа: {points:балл|балла|баллов}.",
    },
    "capture": {
        "en": "{points:point set aside was|points set aside were} spent.",
        "zh-CN": "已使用预留的 {points} 积分。",
        "ru": "Потрачено из отложенного: {points:балл|балла|баллов}.",
    },
    "void": {
        "en": "{points:point set aside is|points set aside are} yours again.",
        "zh-CN": "预留的 {points} 积分已退回。",
        "ru": "Отложенное снова доступно: {points:балл|балла|баллов}.",
    },
    "extend": {
        "en": "Your points are valid for longer.",
        "zh-CN": "您的积分有效期已延长。",
        "ru": "Срок действия ваших баллов продлён.",
    },
    "refund": {
        "en": "{points:point|points} you had spent came back.",
        "zh-CN": "已退回您使用的 {points} 积分。",
        "ru": "Возвращено из потраченного: {points:балл|балла|баллов}.",
    },
    "expire": {
        "en": "{points:point|points} expired.",
        "zh-CN": "{points} 积分已过期。",
        "ru": "Сгорело: {points:балл|балла|баллов}.",
    },
    "reverse": {
        "en": "{points:point was|points were} taken back.",
        "zh-CN": "已收回 {points} 积分。",
        "ru": "Списано обратно: {points:балл|балла|баллов}.",
    },
    "adjust": {
        "en": "Our staff changed your points by {signed}: {reason}",
        "zh-CN": "工作人员调整积分 {signed}：{reason}",
        "ru": "Сотрудник изменил баллы на {signed}: {reason}",
    },
    "transfer": {
        "en": "Points moved between accounts: {signed}.",
        "zh-CN": "账户间转移 {signed} 积分。",
        "ru": "Баллы перенесены между счетами: {signed}.",
    },
}
PAYMENTS: Mapping[str, Words] = {
    "hold": {
        "en": "{points:point is|points are} set aside for the order {order}.",
        "zh-CN": "已为订单 {order} 预留 {points} 积分。",
        "ru": "Отложено для заказа {order}: {points:балл|балла|баллов}.",
    },
    "capture": {
        "en": "{points:point|points} paid for a part of the order {order}.",
        "zh-CN": "已用 {points} 积分抵扣订单 {order}。",
        "ru": "Заказ {order} частично оплачен: {points:балл|балла|баллов}.",
    },
    "void": {
        "en": "{points:point|points} for the order {order} came back: it was not placed.",
        "zh-CN": "订单 {order} 未完成，预留的 {points} 积分已退回。",
        "ru": "Заказ {order} не оформлен, снова доступно: {points:балл|балла|баллов}.",
    },
    "refund": {
        "en": "{points:point|points} that paid for the order {order} came back.",
        "zh-CN": "订单 {order} 抵扣的 {points} 积分已退回。",
        "ru": "Возвращено из оплаты заказа {order}: {points:балл|балла|баллов}.",
    },
}
"""Of points that pay for an order."""
UNPAYABLE: Mapping[str, Words] = {
    "off": {
        "en": "Points do not pay for orders in {currency}.",
        "zh-CN": "{currency} 订单暂不支持积分抵现。",
        "ru": "Заказы в {currency} нельзя оплатить баллами.",
    },
    "coupons": {
        "en": "Points cannot be used together with a coupon.",
        "zh-CN": "积分不能与优惠券同时使用。",
        "ru": "Баллы нельзя использовать вместе с купоном.",
    },
    "order_too_small": {
        "en": "The order is too small: {least:point is|points are} the least.",
        "zh-CN": "订单金额过低：至少需使用 {least} 积分。",
        "ru": "Сумма заказа слишком мала: наименьшая оплата — {least:балл|балла|баллов}.",
    },
    "insufficient_points": {
        "en": "You need {missing:more point|more points} to pay with points.",
        "zh-CN": "还差 {missing} 积分即可抵现。",
        "ru": "Для оплаты баллами не хватает: {missing:балл|балла|баллов}.",
    },
    "too_many_redemptions": {
        "en": "You have used a lot of points lately; try again later.",
        "zh-CN": "近期积分使用过于频繁，请稍后再试。",
        "ru": "За последнее время потрачено много баллов; попробуйте позже.",
    },
    "step_up_required": {
        "en": "Approve this device to pay with points.",
        "zh-CN": "请先验证此设备，再使用积分抵现。",
        "ru": "Подтвердите это устройство, чтобы платить баллами.",
    },
}
"""Why points pay for nothing of an order."""
OTHER_ENTRY: Words = {
    "en": "Your points changed by {signed}.",
    "zh-CN": "积分变动 {signed}。",
    "ru": "Баллы изменились на {signed}.",
}
REASONS: Mapping[str, Words] = {
    "same_day": {
        "en": "That day had been checked in already.",
        "zh-CN": "当天已经签到过。",
        "ru": "За этот день отметка уже была.",
    },
    "same_code": {
        "en": "Such a code had been claimed already.",
        "zh-CN": "此类兑换码已经领取过。",
        "ru": "Такой код уже был использован.",
    },
    "order_undone": {
        "en": "The order was cancelled or returned.",
        "zh-CN": "订单已取消或退货。",
        "ru": "Заказ отменён или возвращён.",
    },
    "order_refunded": {
        "en": "A part of the order was refunded.",
        "zh-CN": "订单已部分退款。",
        "ru": "Часть стоимости заказа возвращена.",
    },
}
