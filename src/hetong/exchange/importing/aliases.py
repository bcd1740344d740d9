"""What files call the columns, beyond the labels that the registers have in every language: English, Swedish, Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ALIASES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    # parties
    ("parties", "name"): (
        "company", "company name", "customer", "customer name", "supplier", "supplier name", "vendor", "vendor name", "account name",
        "organisation", "organization", "legal name", "företag", "företagsnamn", "bolag", "kund", "kundnamn", "leverantör",
        "leverantörsnamn", "公司", "公司名称", "单位名称", "客户", "客户名称", "供应商", "供应商名称", "企业名称", "公司名稱", "單位名稱",
        "客戶", "客戶名稱", "供應商", "供應商名稱", "business name", "client", "client name", "party", "partner", "partner name", "namn",
        "firma", "firmanamn", "kund/leverantör", "名称", "企业", "单位", "往来单位", "廠商", "廠商名稱", "名稱",
    ),
    ("parties", "registration_number"): (
        "org no", "organisation number", "company number", "registration no", "reg no", "corporate number", "org.nr",
        "organisationsnummer", "统一社会信用代码", "信用代码", "税号", "統一社會信用代碼", "統一編號", "法人番号", "registration number",
        "business id", "company id", "company registration number", "corporate no", "tax number", "organisationsnr", "org.nummer",
        "纳税人识别号", "社会信用代码", "营业执照号", "納稅人識別號", "統編",
    ),
    ("parties", "vat_number"): (
        "vat", "vat no", "vat id", "tax id", "momsnummer", "moms nr", "momsreg.nr", "vat-nummer", "vat number", "vat registration number",
        "vat reg no", "eu vat", "momsregistreringsnummer",
    ),
    ("parties", "number"): (
        "customer no", "customer number", "customer id", "supplier no", "supplier number", "account no", "account number", "kundnr",
        "kundnummer", "leverantörsnr", "leverantörsnummer", "客户编号", "客户代码", "供应商编号", "客戶編號",
    ),
    ("parties", "kinds"): ("type", "kind", "category", "typ", "slag", "类型", "类别", "類型"),
    ("parties", "address_lines"): (
        "street", "street address", "address 1", "gata", "gatuadress", "adress", "地址", "街道", "address line 1", "postal address",
        "postadress", "besöksadress", "通讯地址", "注册地址", "联系地址", "通訊地址",
    ),
    ("parties", "postal_code"): (
        "zip", "zip code", "postcode", "postnr", "postnummer", "邮编", "邮政编码", "郵遞區號", "郵編", "postal code", "postal",
        "邮政编号", "郵政編碼",
    ),
    ("parties", "city"): ("town", "ort", "postort", "stad", "城市", "市", "city name", "locality", "所在城市", "城巿"),
    ("parties", "country"): (
        "country code", "land", "国家", "國家", "国别", "nation", "country/region", "landskod", "国家/地区", "國家/地區", "国家代码",
    ),
    ("parties", "website"): ("web", "url", "homepage", "hemsida", "webbplats", "网站", "网址", "網站"),
    ("parties", "owner"): ("account manager", "responsible", "ansvarig", "säljare", "负责人", "负责业务员", "負責人"),
    ("parties", "payment_days"): ("payment terms", "credit days", "net days", "betalningsvillkor", "账期", "付款天数", "帳期"),
    ("parties", "language"): ("lang", "språk", "语言", "語言"),
    ("parties", "industry"): ("sector", "branch", "bransch", "行业", "行業", "产业"),
    ("parties", "team"): ("grupp", "团队", "團隊"),
    # any
    ("", "email"): ("e mail", "mail", "email address", "e-post", "mejl", "邮箱", "电子邮件", "電子郵件", "信箱"),
    ("", "phone"): ("telephone", "tel", "phone number", "telefon", "telefonnummer", "电话", "聯絡電話", "電話", "联系电话"),
    ("", "mobile"): ("mobile phone", "cell", "mobil", "mobiltelefon", "手机", "手機", "行動電話"),
    ("", "note"): ("notes", "comment", "comments", "remark", "remarks", "anteckning", "kommentar", "备注", "備註"),
    # contacts
    ("contacts", "name"): (
        "contact", "contact name", "full name", "person", "kontakt", "kontaktperson", "联系人", "姓名", "聯絡人", "name",
        "contact person", "namn", "kontaktnamn", "联系人姓名", "聯絡人姓名",
    ),
    ("contacts", "party"): (
        "company", "company name", "customer", "customer name", "account", "account name", "supplier", "företag", "kund", "公司",
        "公司名称", "客户", "客户名称", "单位名称", "公司名稱", "客戶", "client", "partner", "organisation", "organization", "bolag",
        "kundnamn", "企业", "供应商", "單位", "供應商",
    ),
    ("contacts", "party_number"): ("customer no", "customer number", "company id", "account no", "org no", "orgnr", "kundnr", "客户编号"),
    ("contacts", "role"): ("title", "job title", "position", "function", "titel", "befattning", "roll", "职务", "职位", "職稱"),
    # contracts
    ("contracts", "title"): (
        "contract", "contract title", "contract name", "name", "subject", "description", "avtal", "avtalsnamn", "rubrik", "benämning",
        "合同", "合同名称", "合同标题", "名称", "合約名稱", "合約", "契約", "contract description", "agreement", "agreement name",
        "project name", "titel", "avtalets namn", "avtalsrubrik", "ärende", "标题", "標題", "合同名", "协议名称", "协议", "合約標題",
        "合約名", "契約名稱", "契約標題", "专案名称",
    ),
    ("contracts", "number"): (
        "contract no", "contract number", "contract id", "agreement no", "avtalsnr", "avtalsnummer", "合同编号", "合同号", "合約編號",
        "contract ref", "contract code", "agreement number", "agreement id", "avtals-id", "avtal nr", "diarienummer", "dnr", "合同号码",
        "协议编号", "合同序号", "合約號碼", "契約編號", "合約號",
    ),
    ("contracts", "counterparty"): (
        "party", "customer", "customer name", "supplier", "supplier name", "vendor", "client", "counter party", "company name", "kund",
        "leverantör", "motpart", "客户", "客户名称", "供应商", "对方", "对方单位", "乙方", "甲方", "相对方", "客戶", "供應商", "對方",
        "counterparty name", "partner", "contractor", "buyer", "seller", "customer/supplier", "beställare", "kund/leverantör",
        "avtalspart", "köpare", "säljare", "单位", "往来单位", "合作方", "客户单位", "签约方", "對方單位", "廠商", "廠商名稱", "合作夥伴",
    ),
    ("contracts", "counterparty_number"): (
        "party number", "customer no", "customer number", "supplier no", "vendor no", "org no", "orgnr", "corporate number", "kundnr",
        "leverantörsnr", "客户编号", "供应商编号", "统一社会信用代码", "customer id", "supplier number", "supplier id", "vendor id",
        "vendor number", "organisation number", "organisationsnummer", "kundnummer", "leverantörsnummer", "供应商代码", "客户代码",
        "統一編號", "客戶編號",
    ),
    ("contracts", "value"): (
        "amount", "contract value", "contract amount", "total", "total value", "sum", "belopp", "värde", "avtalsvärde", "summa", "金额",
        "合同金额", "总金额", "合同总额", "金額", "合約金額", "contract sum", "agreement value", "contract price", "net value",
        "contract total", "kontraktsbelopp", "ordervärde", "avtalssumma", "合同价", "合同价款", "价税合计", "合约金额", "合約總額",
        "契約金額", "總金額",
    ),
    ("contracts", "stage"): (
        "state", "status", "läge", "stadium", "状态", "合同状态", "狀態", "contract status", "avtalsstatus", "合约状态", "合約狀態",
    ),
    ("contracts", "type"): (
        "contract type", "avtalstyp", "合同类型", "合约类型", "合約類型", "type", "category", "contract category", "agreement type",
        "typ", "kategori", "avtalskategori", "合同类别", "类型", "類型", "合約類別", "契約類型",
    ),
    ("contracts", "starts_on"): (
        "start", "start date", "from", "from date", "begin", "valid from", "startdatum", "börjar", "giltigt från", "开始日期", "起始日期",
        "生效日期", "開始日期", "commencement", "commencement date", "effective date", "start on", "from och med", "avtalsstart",
        "gäller från", "startar", "开始", "起始", "起始日", "履行开始日期", "合同开始日期", "開始", "合約起日", "起日",
    ),
    ("contracts", "ends_on"): (
        "end", "end date", "to", "until", "expiry", "expiry date", "expires", "valid to", "slutdatum", "slutar", "giltigt till",
        "结束日期", "到期日", "终止日期", "結束日期", "到期日期", "end on", "termination date", "expiration date", "expiration", "t.o.m.",
        "till och med", "avtalsslut", "gäller till", "slut", "upphör", "结束", "终止", "截止日期", "截止日", "合同结束日期", "合同到期日",
        "結束", "終止日期", "合約迄日", "迄日",
    ),
    ("contracts", "signed_on"): (
        "signed", "date signed", "signing date", "signature date", "date", "order date", "date of order", "undertecknat", "signerat",
        "签订日期", "签署日期", "签约日期", "簽訂日期", "簽約日期", "contract date", "agreement date", "date of signature", "signed date",
        "execution date", "tecknat", "tecknad", "avtalsdatum", "datum", "signerad", "undertecknad", "签约日", "签署时间", "签订时间",
        "合同日期", "簽署日期", "簽約日", "合約日期",
    ),
    ("contracts", "reference"): (
        "their number", "external number", "po", "po number", "purchase order", "order number", "er referens", "ordernummer",
        "客户合同号", "订单号", "對方編號",
    ),
    ("contracts", "source"): ("department", "origin", "system", "källa", "avdelning", "来源", "部门", "來源"),
    ("contracts", "currency"): ("curr", "valuta", "币种", "货币", "幣別", "貨幣"),
    ("contracts", "owner"): (
        "responsible", "account manager", "ansvarig", "avtalsansvarig", "负责人", "業務", "負責人", "contract manager", "sales rep",
        "sales representative", "salesperson", "handläggare", "säljare", "业务员", "销售员", "经办人", "承办人", "業務員", "承辦人",
    ),
    ("contracts", "payment_days"): (
        "payment terms", "net days", "betalningsvillkor", "付款天数", "账期", "days to pay", "payment days", "betalningsdagar",
        "betalvillkor", "付款期限", "付款天數",
    ),
    ("contracts", "summary"): (
        "summary", "scope", "omfattning", "摘要", "内容", "內容", "content", "description of work", "beskrivning", "sammanfattning",
        "innehåll", "合同内容", "主要内容", "说明", "說明", "合約內容",
    ),
    ("contracts", "line.title"): (
        "line", "item", "line description", "product", "product name", "rad", "artikel", "产品", "品名", "產品",
    ),
    ("contracts", "line.quantity"): ("quantity", "qty", "antal", "数量", "數量"),
    ("contracts", "line.unit"): ("unit", "uom", "enhet", "单位", "單位"),
    ("contracts", "line.unit_price"): ("price", "unit price", "à-pris", "pris", "styckpris", "单价", "單價"),
    ("contracts", "line.tax_rate"): ("tax", "tax rate", "vat", "vat rate", "moms", "momssats", "税率", "稅率"),
    ("contracts", "line.discount"): ("discount", "rabatt", "折扣"),
    ("contracts", "line.part_no"): ("part no", "part number", "article no", "sku", "artikelnr", "artikelnummer", "料号", "料號", "货号"),
    ("contracts", "line.serial_no"): ("serial", "serial no", "serial number", "serienr", "serienummer", "序列号", "序號"),
    ("contracts", "line.billed_until"): (
        "billed until", "invoiced until", "fakturerat till", "fakturerat till och med", "已开票至", "已開票至",
    ),
    ("contracts", "plan.title"): ("instalment", "installment", "stage of plan", "delbetalning", "期次", "付款阶段", "期別"),
    ("contracts", "plan.percent"): ("instalment %", "share", "andel", "比例", "付款比例"),
    ("contracts", "plan.amount"): ("instalment amount", "delbelopp", "期金额", "期金額"),
    ("contracts", "plan.on"): ("instalment date", "instalment on", "förfaller", "期日期", "付款日期"),
    ("contracts", "notice_count"): ("notice period", "notice", "notice months", "notice days", "uppsägningstid", "通知期", "通知期限"),
    ("contracts", "project"): ("project no", "project code", "projekt", "项目", "项目名称", "專案", "專案名稱"),
    ("contracts", "team"): ("department name", "avdelning/team", "grupp", "团队", "小组", "團隊"),
    ("contracts", "archive_no"): ("file no", "arkivnr", "arkivnummer", "档案号", "归档号", "檔案號"),
    # invoices and payments
    ("invoices", "contract"): ("contract", "contract number", "avtal", "avtalsnr", "合同", "合同编号", "合約", "合約編號"),
    ("invoices", "number"): (
        "invoice", "invoice number", "invoice id", "document no", "faktura", "fakturanr", "fakturanummer", "发票号", "发票号码",
        "發票號碼", "invoice no", "fakt.nr", "发票编号", "發票編號",
    ),
    ("invoices", "gross"): (
        "total", "gross", "invoice amount", "belopp", "summa", "totalt", "金额", "发票金额", "价税合计", "金額", "amount", "total amount",
        "amount incl vat", "totalbelopp", "fakturabelopp", "att betala", "含税金额", "总金额", "含稅金額", "總金額",
    ),
    ("invoices", "issued_on"): (
        "invoice date", "date", "issue date", "fakturadatum", "datum", "开票日期", "發票日期", "開票日期", "invoiced on", "issued",
        "invoice issued", "utställd", "开票日", "發票日",
    ),
    ("invoices", "due_on"): (
        "due date", "payable by", "förfallodatum", "förfaller", "到期日", "付款期限", "due", "pay by", "maturity date", "应付日期",
        "到期日期", "應付日期",
    ),
    ("payments", "contract"): ("contract", "contract number", "avtal", "avtalsnr", "合同", "合同编号", "合約", "合約編號"),
    ("payments", "invoice"): ("invoice", "invoice number", "faktura", "fakturanr", "fakturanummer", "发票号", "发票号码", "發票號碼"),
    ("payments", "amount"): (
        "paid", "amount paid", "received", "belopp", "betalt", "金额", "付款金额", "收款金额", "金額", "sum", "total", "summa",
        "实收金额", "到账金额", "實收金額",
    ),
    ("payments", "on"): (
        "date", "payment date", "paid on", "value date", "betaldatum", "datum", "付款日期", "收款日期", "到账日期", "received on",
        "receipt date", "booked on", "transaction date", "bokföringsdatum", "inbetald", "到帐日期", "入帳日期", "收款日",
    ),
    ("payments", "reference"): ("ref", "transaction", "transaction id", "payment id", "ocr", "referens", "流水号", "凭证号", "參考號"),
}  # fmt: skip
"""By kind (empty: any) and column."""
