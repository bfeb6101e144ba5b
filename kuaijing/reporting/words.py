"""What the closed vocabularies are called in a report: Chinese first, English beside it."""

from typing import Final

ORIGINS: Final = {
    "call_110": ("110报警", "110 call"),
    "call_119": ("119报警", "119 call"),
    "call_122": ("122报警", "122 call"),
    "alarm": ("一键报警", "One-key alarm"),
    "community": ("群众联动", "Community"),
    "patrol": ("巡逻发现", "Found on patrol"),
    "camera": ("视频巡查", "Camera watch"),
    "officer_help": ("警员求助", "Officer's call for help"),
}

OUTCOMES: Final = {
    "settled": ("现场处置", "Settled on the spot"),
    "mediation": ("带回调解", "Led to the post for mediation"),
    "handed_to_station": ("移交派出所", "Handed to the station"),
    "handed_to_traffic": ("移交交警", "Handed to the traffic squad"),
    "handed_to_criminal": ("移交刑侦", "Handed to the criminal squad"),
    "escorted": ("护送", "Escorted"),
    "rescued": ("救助", "Rescued"),
    "returned_to_family": ("送返家人", "Returned to family"),
    "hazard_removed": ("排除隐患", "Hazard removed"),
    "arrested": ("抓获", "Arrested"),
    "false": ("虚假警情", "False"),
    "nobody_found": ("未发现人员", "Nobody found"),
    "open": ("处置中", "Still open"),
    "merged": ("并入其他警情", "Merged into another"),
    "cancelled": ("撤销", "Cancelled"),
}

FOLLOW_UPS: Final = {
    "station": ("属地派出所", "Local station"),
    "criminal": ("刑侦大队", "Criminal squad"),
    "traffic": ("交警中队", "Traffic squad"),
    "fire": ("消防救援站", "Fire station"),
    "medical": ("120 急救", "Ambulance (120)"),
    "nobody": ("无需接手", "Nobody needed"),
}

GRADES: Final = {
    "1": ("一级", "Grade 1"),
    "2": ("二级", "Grade 2"),
    "3": ("三级", "Grade 3"),
    "4": ("四级", "Grade 4"),
}
