"""Draws the simulated channel counties and products of the programme 2018h1. Standard library only.

    python3 draw.py SHARED_DATA OUT_DIR

SHARED_DATA holds cn-divisions and cn-poverty-counties; OUT_DIR is programmes/2018h1. The same input gives the same
files. The half-year report publishes only how many provinces, counties and products the channel had, not which:
so which ones is made up here, from real counties and from produce that is at home in their provinces.

The eight provinces are those of the model counties that are national-level poverty counties, all nine of which can
then stand on the channel. Fujian (Changting) is left out: it has no national-level poverty county.
"""

import csv
import hashlib
import re
import sys
from pathlib import Path

PRODUCTS = 701
# province code: (poverty counties, other counties), 51 and 90 in all
PROVINCES = {15: (5, 13), 22: (2, 7), 34: (5, 12), 50: (6, 10), 52: (9, 11), 53: (9, 13), 62: (8, 10), 65: (7, 14)}
# Districts of the city of Chongqing itself; its other districts are countryside.
URBAN = {"500103", "500104", "500105", "500106", "500107", "500108", "500109", "500112", "500113"}
# Model counties, and the pairing of Dingxi.
ALWAYS = {"500236", "532528", "621226", "653130", "654326", "150430", "341524", "222406", "522634", "621102", "621126"}
NAMED = {  # the products the model counties are known for: first product of the county
    "500236": ("脐橙", "navel oranges", "fruit"), "532528": ("红米", "red rice", "grain"),
    "621226": ("苹果", "apples", "fruit"), "653130": ("留香瓜", "Liuxiang melons", "fruit"),
    "654326": ("小麦粉", "wheat flour", "grain"), "150430": ("小米", "millet", "grain"),
    "341524": ("猕猴桃", "kiwifruit", "fruit"), "222406": ("大米", "rice", "grain"),
    "522634": ("银球茶", "ball-shaped green tea", "tea"), "621126": ("当归", "angelica root", "herb"),
}
PRODUCE = {
    15: "小米,millet,grain|荞麦米,buckwheat,grain|绿豆,mung beans,grain|葵花籽,sunflower seeds,nut|牛肉干,dried beef,meat|羊肉,lamb,meat|"
        "奶酪,cheese,dairy|奶皮子,milk skin,dairy|燕麦片,rolled oats,grain|胡麻油,flaxseed oil,oil|沙棘汁,sea-buckthorn juice,drink|马铃薯,potatoes,vegetable",
    22: "大米,rice,grain|黑木耳,black wood-ear fungus,fungus|人参,ginseng,herb|玉米糁,corn grits,grain|松子,pine nuts,nut|榛蘑,honey mushrooms,fungus|"
        "蓝莓干,dried blueberries,fruit|椴树蜜,linden honey,honey|红小豆,adzuki beans,grain|大豆油,soybean oil,oil|林蛙油,forest frog oil,herb|辣白菜,spicy cabbage,vegetable",
    34: "茶叶,green tea,tea|猕猴桃,kiwifruit,fruit|板栗,chestnuts,nut|山核桃,hickory nuts,nut|葛粉,kudzu starch,grain|土蜂蜜,wild honey,honey|"
        "香菇,shiitake mushrooms,fungus|灵芝,lingzhi mushrooms,herb|山茶油,camellia oil,oil|咸鸭蛋,salted duck eggs,meat|黑毛猪肉,black-pig pork,meat|竹笋干,dried bamboo shoots,vegetable",
    50: "脐橙,navel oranges,fruit|柠檬,lemons,fruit|榨菜,pickled mustard stem,vegetable|花椒,Sichuan pepper,spice|李子,plums,fruit|腊肉,cured pork,meat|"
        "苕粉,sweet-potato noodles,grain|天麻,gastrodia root,herb|土鸡蛋,free-range eggs,meat|核桃,walnuts,nut|莼菜,water shield,vegetable|高山土豆,mountain potatoes,vegetable",
    52: "绿茶,green tea,tea|红茶,black tea,tea|辣椒,dried chillies,spice|刺梨汁,rosa roxburghii juice,drink|薏仁米,Job's tears,grain|酸汤底料,sour-soup base,spice|"
        "香禾糯,fragrant glutinous rice,grain|竹荪,bamboo fungus,fungus|天麻,gastrodia root,herb|猕猴桃,kiwifruit,fruit|黄牛肉,yellow-cattle beef,meat|蜡染布,batik cloth,craft",
    53: "红米,red rice,grain|普洱茶,Pu'er tea,tea|咖啡豆,coffee beans,drink|核桃,walnuts,nut|松茸干,dried matsutake,fungus|牛肝菌,porcini,fungus|"
        "三七粉,notoginseng powder,herb|鲜花饼,rose cakes,snack|芒果,mangoes,fruit|石榴,pomegranates,fruit|火腿,cured ham,meat|澳洲坚果,macadamia nuts,nut",
    62: "苹果,apples,fruit|花椒,Sichuan pepper,spice|黄芪,astragalus root,herb|党参,codonopsis root,herb|当归,angelica root,herb|百合,lily bulbs,vegetable|"
        "橄榄油,olive oil,oil|核桃,walnuts,nut|宽粉,broad potato noodles,grain|小杂粮,mixed grains,grain|羊肉,lamb,meat|蜂蜜,honey,honey",
    65: "红枣,red dates,fruit|核桃,walnuts,nut|巴旦木,almonds,nut|葡萄干,raisins,fruit|杏干,dried apricots,fruit|香梨,fragrant pears,fruit|哈密瓜,Hami melons,fruit|"
        "小麦粉,wheat flour,grain|石榴汁,pomegranate juice,drink|骆驼奶粉,camel milk powder,dairy|雪菊,snow chrysanthemum,tea|孜然,cumin,spice",
}
PACKS = {
    "fruit": [("5斤装", "2.5 kg"), ("10斤装", "5 kg"), ("礼盒", "gift box")], "grain": [("1千克", "1 kg"), ("5千克", "5 kg"), ("礼袋", "gift bag")],
    "tea": [("100克", "100 g"), ("250克罐装", "250 g tin"), ("礼盒", "gift box")], "herb": [("100克", "100 g"), ("250克", "250 g"), ("500克", "500 g")],
    "nut": [("500克", "500 g"), ("1千克", "1 kg"), ("礼盒", "gift box")], "meat": [("500克", "500 g"), ("1千克", "1 kg")],
    "vegetable": [("1千克", "1 kg"), ("5斤装", "2.5 kg"), ("80克×10袋", "10 bags of 80 g")], "fungus": [("100克", "100 g"), ("250克", "250 g"), ("礼盒", "gift box")],
    "dairy": [("200克", "200 g"), ("400克", "400 g"), ("礼盒", "gift box")], "oil": [("500毫升", "500 ml"), ("1升", "1 l"), ("礼盒", "gift box")],
    "drink": [("250毫升×6", "6 × 250 ml"), ("500克", "500 g"), ("礼盒", "gift box")], "spice": [("100克", "100 g"), ("250克", "250 g"), ("500克", "500 g")],
    "honey": [("500克", "500 g"), ("1千克", "1 kg"), ("礼盒", "gift box")], "snack": [("6枚装", "6 pieces"), ("12枚装", "12 pieces"), ("礼盒", "gift box")],
    "craft": [("1米", "1 m"), ("2米", "2 m"), ("礼盒", "gift box")],
}
# Where the machine-made pinyin has the wrong reading, or another spelling is the usual one.
ENGLISH = {"长岭": "Changling", "天长": "Tianchang", "长寿": "Changshou", "三都": "Sandu", "阿图什": "Artux", "阿克塞": "Aksay", "鄂温克族": "Evenki",
           "准格尔": "Jungar", "额尔古纳": "Ergun", "霍尔果斯": "Khorgas", "敖汉": "Aohan", "苏尼特右": "Sonid Right", "吉木乃": "Jeminay", "都匀": "Duyun", "丰都": "Fengdu",
           "裕安": "Yu'an", "和田": "Hotan", "乌鲁木齐": "Urumqi", "前郭尔罗斯": "Qian Gorlos"}
PEOPLES = ("蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|佤族|拉祜族|水族|东乡族|纳西族|"
           "景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|仡佬族|锡伯|阿昌族|普米族|塔吉克|怒族|鄂温克族|保安族|裕固族|独龙族|鄂伦春|蒙古|各族")


def rank(*words):
    """A fixed number that looks drawn at random."""
    return hashlib.sha256(" ".join(map(str, words)).encode()).digest()


def short_name(name):
    name = re.sub(r"(自治县|自治旗)$", "", name) if re.search(r"自治[县旗]$", name) else (name[:-1] if len(name) > 2 else name)
    while len(name) > 2 and (cut := re.sub(rf"({PEOPLES})族?$", "", name)) != name and len(cut) >= 2:
        name = cut
    return name


def english(short, pinyin):
    if short in ENGLISH:
        return ENGLISH[short]
    return "".join(pinyin.split()[: len(short)]).capitalize()


def main(data, out):
    with open(data / "cn-divisions/divisions-2024.csv", encoding="utf-8") as file:
        places = {row["code"]: row for row in csv.DictReader(file)}
    with open(data / "cn-poverty-counties/counties-832.csv", encoding="utf-8") as file:
        poverty = {row["code_2024"] for row in csv.DictReader(file) if row["code_2024"]}
    counties = []
    for province, (poor_wanted, other_wanted) in PROVINCES.items():
        here = [code for code, row in places.items() if row["level"] == "county" and int(code) // 10_000 == province]
        here = [code for code in here if "兵团" not in places[code]["name"] and int(code) % 10_000 < 9_000]
        poor = sorted((c for c in here if c in poverty), key=lambda c: (c not in ALWAYS, rank("county", c)))
        rural = [c for c in here if not places[c]["name"].endswith("区") or (province == 50 and c not in URBAN)]
        other = sorted((c for c in rural if c not in poverty), key=lambda c: rank("county", c))
        assert len(poor) >= poor_wanted and len(other) >= other_wanted, province
        counties += poor[:poor_wanted] + other[:other_wanted]
    counties.sort()
    assert len(counties) == 141 and sum(c in poverty for c in counties) == 51
    assert ALWAYS <= set(counties)
    with open(out / "counties.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["code", "name", "poverty", "simulated"])
        rows.writerows([c, places[c]["name"], "yes" if c in poverty else "no", "yes"] for c in counties)
    fewer = set(sorted((c for c in counties if c not in NAMED), key=lambda c: rank("fewer", c))[: 141 * 5 - PRODUCTS])
    products = []
    for county in counties:
        short = short_name(places[county]["name"])
        name_en = english(short, places[county]["pinyin"])
        local = [tuple(item.split(",")) for item in PRODUCE[int(county) // 10_000].split("|")]
        named = NAMED.get(county)
        local = [item for item in local if named is None or item[0] != named[0]]
        local.sort(key=lambda item: rank("product", county, item[0]))
        chosen = ([named] if named else []) + local
        for serial, (zh, en, kind) in enumerate(chosen[: 4 if county in fewer else 5], 1):
            packs = PACKS[kind] if zh not in ("土鸡蛋", "咸鸭蛋") else [("30枚", "30 pieces")]
            pack_zh, pack_en = packs[rank("pack", county, zh)[0] % len(packs)]
            products.append([f"XN{county}{serial:02}", f"{short}{zh} {pack_zh}", f"{name_en} {en}, {pack_en}", county, "yes"])
    assert len(products) == PRODUCTS and len({p[0] for p in products}) == PRODUCTS
    with open(out / "products.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["code", "title_zh", "title_en", "place_code", "simulated"])
        rows.writerows(products)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
