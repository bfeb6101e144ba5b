"""Chinese names as cities give them, with their English: streets, estates, quarters, villages, bridges.

Names are drawn without repetition. The English is the pinyin without tones and the translated kind of the thing, as on the
street signs (``解放东路`` → ``Jiefang East Road``).
"""

import numpy as np
from pypinyin import lazy_pinyin

CLASSIC = (
    "人民 解放 建设 中山 和平 胜利 新华 文化 迎宾 五一 八一 东风 红旗 光明 团结 友谊 民主 前进 工农 青年 朝阳 长江 "
    "黄河 北京 韶山 井冈 延安 学院 体育 科技 创业 振兴 幸福 富强 复兴 江湾 芙蓉 桃花 凤凰 岳麓 潇湘 沿河 龙腾 宝庆 西湖 天马 "
    "白云 紫薇 海棠 玉兰 松涛 雨花 金鹰 银杉 书院 文昌 状元 崇文 宣武 永安 长宁 泰和 兴业 通达 环翠 百花 梅岭 观澜 望江 "
    "湖滨 翠竹 南山 北辰 凌云 星沙 麓谷 清平 德政 府前 府后 县正 学宫 城隍 武圣 火神 药王 仓前 仓后"
).split()
_FIRST = "金银玉翠碧清紫白青云星月天龙凤福寿喜安永长泰和顺兴宝石高文武仁义礼德明华春秋东南西北新古大小上下双三五七九"
_SECOND = "山水湖溪泉林松竹梅兰荷桂峰岭谷园台桥门塘井坪冲湾洲堤阳阴川庄坡丰源康宁昌盛达裕泽源秀英"
_OLD = (
    "鼓楼 钟楼 衙前 豆腐 油榨 打铁 染坊 米市 鱼市 柴市 盐仓 布政 状元 贡院 文庙 关帝 观音 弹花 竹器 铜匠 茶亭 麻石 "
    "半边 狮子 青石 水井 双井 四眼井 榆树 槐树 樟树 桂花 石榴 胡家 李家 刘公 张家 陈家 罗家 彭家 谢家 邓家 周家 曾家 "
    "羊肉 酱园 糖坊 牛皮 箭道 校场 马王 城墙 东门 西门 南门 北门 小西门 水府 码头 渡口 会馆 江西 福建 宝塔 莲花 荷池 "
    "白果 八角 九曲 三角 一人 太平 吉祥 如意 福寿 长庚 仁寿 孝子 书铺 纸坊 伞铺 花园 后园 藩后 臬后 戥子 皮坊"
).split()
_ESTATE_HEAD = (
    "锦绣 阳光 金色 翡翠 滨江 世纪 碧桂 学府 御景 江南 香樟 紫荆 丽景 东方 名仕 水岸 星城 华庭 盛世 福源 鑫城 蓝湾 "
    "嘉和 天润 怡景 恒盛 银河 万和 润泽 桂苑 丰泽 翰林 绿洲 山水 枫林 玫瑰 凯旋 港湾 瑞景 中央 状元 湘江 清岚 龙泉"
).split()
_ESTATE_TAIL = "花园 小区 家园 新村 华府 公馆 名苑 雅苑 豪庭 新城 佳苑 一品 府邸 嘉园 雅居 丽苑".split()
_WORK_UNITS = (
    "机械厂 纺织厂 氮肥厂 造纸厂 粮食局 供销社 水利局 教师 铁路 邮电 电力 卷烟厂 汽配厂 印刷厂 建筑公司 公路局".split()
)
_VILLAGE_TAIL = "村 冲 湾 坪 塘 岭 铺 桥 坳 庄".split()
_SURNAMES = "张王李刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕".strip()
SIDES = {"东": "East", "西": "West", "南": "South", "北": "North", "中": "Middle"}
KINDS = {
    "大道": "Avenue",
    "大街": "Main Street",
    "环路": "Ring Road",
    "公路": "Highway",
    "大桥": "Bridge",
    "路": "Road",
    "街": "Street",
    "巷": "Lane",
    "弄": "Alley",
    "胡同": "Hutong",
    "桥": "Bridge",
}
_NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """Chinese numeral of 1 to 99."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def pinyin(text: str) -> str:
    """Pinyin without tones, written together with one capital, as place names are: ``清岚`` → ``Qinglan``."""
    return "".join(lazy_pinyin(text)).capitalize()


def street_english(name: str) -> str:
    """English of a street or bridge name: ``人民东路`` → ``Renmin East Road``, ``解放路三巷`` → ``Jiefang Road 3rd Lane``."""
    for kind, english in KINDS.items():
        if not name.endswith(kind):
            continue
        root = name[: -len(kind)]
        for parent in ("路", "街", "大道"):
            head, found, digits = root.partition(parent)
            if found and head and digits and all(digit in _NUMERALS for digit in digits):
                return f"{street_english(head + parent)} {_ordinal(digits)} {english}"
        if len(root) > 2 and root[-1] in SIDES:
            return f"{pinyin(root[:-1])} {SIDES[root[-1]]} {english}"
        return f"{pinyin(root)} {english}"
    return pinyin(name)


def _ordinal(digits: str) -> str:
    value = 0
    for digit in digits:
        here = _NUMERALS.index(digit) + 1
        value = max(value, 1) * 10 if here == 10 else value + here
    suffix = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"


class Words:
    """Draws names, each at most once."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._taken: set[str] = set()
        pairs = [a + b for a in _FIRST for b in dict.fromkeys(_SECOND) if a != b]
        self._classic = list(CLASSIC)
        self._pairs = [pairs[i] for i in rng.permutation(len(pairs)).tolist()]
        self._old = [_OLD[i] for i in rng.permutation(len(_OLD)).tolist()]
        self._families = [a + "家" for a in _SURNAMES] + [a + b for a in _SURNAMES for b in _FIRST[:24]]
        self._families = [self._families[i] for i in rng.permutation(len(self._families)).tolist()]
        self._turn = 0

    def claim(self, name: str) -> bool:
        """Take a name for oneself; false where it is taken."""
        if name in self._taken:
            return False
        self._taken.add(name)
        return True

    def root(self) -> str:
        """A root for a big or ordinary street: the classics first, then two-character names."""
        if self._classic:
            return self._classic.pop(0)
        return self._endless(self._pairs)

    def old_root(self) -> str:
        """A root for an old-town lane: trades, temples, families, wells."""
        return self._old.pop() if self._old else self.root()

    def _endless(self, pool: list[str]) -> str:
        self._turn += 1
        if pool:
            return pool.pop()
        picks = self._rng.integers(0, len(_FIRST), 2)
        return _FIRST[picks[0]] + _FIRST[picks[1]] + _SECOND[int(self._rng.integers(len(_SECOND)))]

    def estate(self) -> tuple[str, str]:
        """Name of a housing estate, Chinese and English."""
        for _ in range(40):
            if self._rng.random() < 0.16:
                unit = _WORK_UNITS[int(self._rng.integers(len(_WORK_UNITS)))]
                name = f"{unit}{'家属院' if self._rng.random() < 0.6 else '宿舍'}"
            else:
                head = _ESTATE_HEAD[int(self._rng.integers(len(_ESTATE_HEAD)))]
                name = head + _ESTATE_TAIL[int(self._rng.integers(len(_ESTATE_TAIL)))]
            if self.claim(name):
                return name, pinyin(name)
        name = self.root() + "小区"
        self.claim(name)
        return name, f"{pinyin(name[:-2])} Estate"

    def village(self) -> tuple[str, str]:
        """Name of a village, Chinese and English."""
        for _ in range(40):
            head = self._families[int(self._rng.integers(len(self._families)))]
            tail = _VILLAGE_TAIL[int(self._rng.integers(len(_VILLAGE_TAIL)))]
            if self.claim(head + tail):
                return head + tail, pinyin(head + tail)
        name = self.root() + "村"
        self.claim(name)
        return name, pinyin(name)
