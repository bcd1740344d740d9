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
        "客戶", "客戶名稱", "供應商", "供應商名稱",
    ),
    ("parties", "registration_number"): (
        "org no", "org.no", "orgno", "organisation number", "company number", "registration no", "reg no", "corporate number",
        "org.nr", "orgnr", "organisationsnummer", "统一社会信用代码", "信用代码", "税号", "統一社會信用代碼", "統一編號", "法人番号",
    ),
    ("parties", "vat_number"): ("vat", "vat no", "vat id", "tax id", "momsnummer", "moms nr", "momsreg.nr", "vat-nummer"),
    ("parties", "number"): (
        "customer no", "customer number", "customer id", "supplier no", "supplier number", "account no", "account number",
        "accountnumber", "kundnr", "kundnummer", "leverantörsnr", "leverantörsnummer", "客户编号", "客户代码", "供应商编号", "客戶編號",
    ),
    ("parties", "kinds"): ("type", "kind", "category", "typ", "slag", "类型", "类别", "類型"),
    ("parties", "address_lines"): ("street", "street address", "address 1", "gata", "gatuadress", "adress", "地址", "街道"),
    ("parties", "postal_code"): ("zip", "zip code", "postcode", "postnr", "postnummer", "邮编", "邮政编码", "郵遞區號", "郵編"),
    ("parties", "city"): ("town", "ort", "postort", "stad", "城市", "市"),
    ("parties", "country"): ("country code", "land", "国家", "國家", "国别"),
    ("parties", "website"): ("web", "url", "homepage", "hemsida", "webbplats", "网站", "网址", "網站"),
    ("parties", "owner"): ("account manager", "responsible", "ansvarig", "säljare", "负责人", "负责业务员", "負責人"),
    ("parties", "payment_days"): ("payment terms", "credit days", "net days", "betalningsvillkor", "账期", "付款天数", "帳期"),
    ("", "email"): ("e mail", "mail", "email address", "e-post", "epost", "mejl", "邮箱", "电子邮件", "電子郵件", "信箱"),
    ("", "phone"): ("telephone", "tel", "phone number", "telefon", "telefonnummer", "电话", "聯絡電話", "電話", "联系电话"),
    ("", "mobile"): ("mobile phone", "cell", "mobil", "mobiltelefon", "手机", "手機", "行動電話"),
    ("", "note"): ("notes", "comment", "comments", "remark", "remarks", "anteckning", "kommentar", "备注", "備註"),
    # contacts
    ("contacts", "name"): (
        "contact", "contact name", "full name", "person", "kontakt", "kontaktperson", "联系人", "姓名", "聯絡人",
    ),
    ("contacts", "party"): (
        "company", "company name", "customer", "customer name", "account", "account name", "supplier", "företag", "kund", "公司",
        "公司名称", "客户", "客户名称", "单位名称", "公司名稱", "客戶",
    ),
    ("contacts", "party_number"): ("customer no", "customer number", "company id", "account no", "org no", "orgnr", "kundnr", "客户编号"),
    ("contacts", "role"): ("title", "job title", "position", "function", "titel", "befattning", "roll", "职务", "职位", "職稱"),
    # contracts
    ("contracts", "title"): (
        "contract", "contract title", "contract name", "name", "subject", "description", "avtal", "avtalsnamn", "rubrik", "benämning",
        "合同", "合同名称", "合同标题", "名称", "合約名稱", "合約", "契約",
    ),
    ("contracts", "number"): (
        "contract no", "contract number", "contract id", "agreement no", "avtalsnr", "avtalsnummer", "合同编号", "合同号", "合約編號",
    ),
    ("contracts", "counterparty"): (
        "party", "customer", "customer name", "supplier", "supplier name", "vendor", "client", "counter party", "company name",
        "kund", "leverantör", "motpart", "客户", "客户名称", "供应商", "对方", "对方单位", "乙方", "甲方", "相对方", "客戶", "供應商",
        "對方",
    ),
    ("contracts", "counterparty_number"): (
        "party number", "customer no", "customer number", "supplier no", "vendor no", "org no", "orgnr", "corporate number", "kundnr",
        "leverantörsnr", "客户编号", "供应商编号", "统一社会信用代码",
    ),
    ("contracts", "value"): (
        "amount", "contract value", "contract amount", "total", "total value", "sum", "belopp", "värde", "avtalsvärde", "summa",
        "金额", "合同金额", "总金额", "合同总额", "金額", "合約金額",
    ),
    ("contracts", "stage"): ("state", "status", "läge", "stadium", "状态", "合同状态", "狀態"),
    ("contracts", "type"): ("contract type", "avtalstyp", "合同类型", "合约类型", "合約類型"),
    ("contracts", "starts_on"): (
        "start", "start date", "from", "from date", "begin", "valid from", "startdatum", "börjar", "giltigt från", "开始日期", "起始日期",
        "生效日期", "開始日期",
    ),
    ("contracts", "ends_on"): (
        "end", "end date", "to", "until", "expiry", "expiry date", "expires", "valid to", "slutdatum", "slutar", "giltigt till", "结束日期",
        "到期日", "终止日期", "結束日期", "到期日期",
    ),
    ("contracts", "signed_on"): (
        "signed", "date signed", "signing date", "signature date", "date", "order date", "date of order", "undertecknat", "signerat",
        "签订日期", "签署日期", "签约日期", "簽訂日期", "簽約日期",
    ),
    ("contracts", "reference"): (
        "their number", "external number", "po", "po number", "purchase order", "order number", "er referens", "ordernummer", "客户合同号",
        "订单号", "對方編號",
    ),
    ("contracts", "source"): ("department", "origin", "system", "källa", "avdelning", "来源", "部门", "來源"),
    ("contracts", "currency"): ("curr", "valuta", "币种", "货币", "幣別", "貨幣"),
    ("contracts", "owner"): ("responsible", "account manager", "ansvarig", "avtalsansvarig", "负责人", "業務", "負責人"),
    ("contracts", "payment_days"): ("payment terms", "net days", "betalningsvillkor", "付款天数", "账期"),
    ("contracts", "summary"): ("summary", "scope", "omfattning", "摘要", "内容", "內容"),
    ("contracts", "line.title"): ("line", "item", "line description", "product", "product name", "rad", "artikel", "产品", "品名", "產品"),
    ("contracts", "line.quantity"): ("quantity", "qty", "antal", "数量", "數量"),
    ("contracts", "line.unit"): ("unit", "uom", "enhet", "单位", "單位"),
    ("contracts", "line.unit_price"): ("price", "unit price", "à-pris", "pris", "styckpris", "单价", "單價"),
    ("contracts", "line.tax_rate"): ("tax", "tax rate", "vat", "vat rate", "vat %", "moms", "momssats", "税率", "稅率"),
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
    # invoices and payments
    ("invoices", "contract"): ("contract", "contract number", "avtal", "avtalsnr", "合同", "合同编号", "合約", "合約編號"),
    ("invoices", "number"): (
        "invoice", "invoice number", "invoice id", "document no", "faktura", "fakturanr", "fakturanummer", "发票号", "发票号码", "發票號碼",
    ),
    ("invoices", "gross"): ("total", "gross", "invoice amount", "belopp", "summa", "totalt", "金额", "发票金额", "价税合计", "金額"),
    ("invoices", "issued_on"): ("invoice date", "date", "issue date", "fakturadatum", "datum", "开票日期", "發票日期", "開票日期"),
    ("invoices", "due_on"): ("due date", "payable by", "förfallodatum", "förfaller", "到期日", "付款期限"),
    ("payments", "contract"): ("contract", "contract number", "avtal", "avtalsnr", "合同", "合同编号", "合約", "合約編號"),
    ("payments", "invoice"): ("invoice", "invoice number", "faktura", "fakturanr", "fakturanummer", "发票号", "发票号码", "發票號碼"),
    ("payments", "amount"): ("paid", "amount paid", "received", "belopp", "betalt", "金额", "付款金额", "收款金额", "金額"),
    ("payments", "on"): ("date", "payment date", "paid on", "value date", "betaldatum", "datum", "付款日期", "收款日期", "到账日期"),
    ("payments", "reference"): ("ref", "transaction", "transaction id", "payment id", "ocr", "referens", "流水号", "凭证号", "參考號"),
}  # fmt: skip
"""By kind (empty: any) and column."""
