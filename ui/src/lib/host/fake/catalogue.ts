// A small practice catalogue: procedures, cases, papers, fees. Figures follow published procedure
// pages; a fee that a province sets itself is marked as undecided.

import type { Channel, TimeLimit } from '../types';

export interface FakePaper {
  name: string;
  formCode?: string;
  originals?: number;
  certified?: number;
  photos?: number;
  condition?: string;
  presentOnly?: boolean;
}

export interface FakeProcedure {
  code: string;
  name: string;
  fieldId: string;
  decision: string;
  limit: TimeLimit | null;
  limitUnitUnknown?: boolean;
  channels: Channel[];
  cases: string[];
  papers: FakePaper[];
  fee?: {
    name: string;
    kind: 'fee' | 'charge';
    unitPrice: number;
    unitName: string;
    basis: string;
  };
  feeUndecided?: boolean;
  /** Same-day work: received after 15:00 it moves to the next working day. */
  cutoff15?: boolean;
  force?: { from?: string; to?: string };
  common?: boolean;
}

export const FIELDS = [
  { id: 'ho-tich', name: 'Hộ tịch', letter: 'A' },
  { id: 'chung-thuc', name: 'Chứng thực', letter: 'A' },
  { id: 'dat-dai', name: 'Đất đai, xây dựng', letter: 'B' },
  { id: 'bao-tro', name: 'Bảo trợ, người có công', letter: 'C' },
  { id: 'kinh-doanh', name: 'Hộ kinh doanh', letter: 'D' }
];

const ALL: Channel[] = ['direct', 'post', 'online'];
const days = (value: number): TimeLimit => ({ value, unit: 'working_day' });

export const PROCEDURES: FakeProcedure[] = [
  {
    code: '1.001193',
    name: 'Đăng ký khai sinh',
    fieldId: 'ho-tich',
    decision: '1872/QĐ-BTP',
    limit: days(1),
    channels: ALL,
    cases: ['Đúng hạn', 'Quá hạn 60 ngày', 'Trẻ bị bỏ rơi'],
    cutoff15: true,
    common: true,
    papers: [
      { name: 'Tờ khai đăng ký khai sinh', formCode: 'Mẫu 2025', originals: 1 },
      { name: 'Giấy chứng sinh', originals: 1 },
      {
        name: 'Giấy tờ cư trú của cha hoặc mẹ',
        photos: 1,
        condition: 'khi không tra được trong cơ sở dữ liệu'
      }
    ]
  },
  {
    code: '1.000894',
    name: 'Đăng ký kết hôn',
    fieldId: 'ho-tich',
    decision: '1872/QĐ-BTP',
    limit: days(1),
    channels: ['direct', 'online'],
    cases: ['Cùng nơi cư trú', 'Khác nơi cư trú'],
    cutoff15: true,
    common: true,
    papers: [
      { name: 'Tờ khai đăng ký kết hôn', originals: 1 },
      {
        name: 'Giấy xác nhận tình trạng hôn nhân',
        originals: 1,
        condition: 'khi cư trú ở xã khác'
      },
      { name: 'Thẻ căn cước của hai bên nam, nữ', presentOnly: true, originals: 2 }
    ]
  },
  {
    code: '1.000656',
    name: 'Đăng ký khai tử',
    fieldId: 'ho-tich',
    decision: '1872/QĐ-BTP',
    limit: days(1),
    channels: ALL,
    cases: ['Đúng hạn', 'Quá hạn'],
    cutoff15: true,
    common: true,
    papers: [
      { name: 'Tờ khai đăng ký khai tử', originals: 1 },
      { name: 'Giấy báo tử hoặc giấy tờ thay giấy báo tử', originals: 1 }
    ]
  },
  {
    code: '1.004884',
    name: 'Đăng ký lại khai sinh',
    fieldId: 'ho-tich',
    decision: '1872/QĐ-BTP',
    limit: days(5),
    channels: ALL,
    cases: ['Có bản sao cũ', 'Không còn giấy tờ'],
    feeUndecided: true,
    papers: [
      { name: 'Tờ khai đăng ký lại khai sinh', originals: 1 },
      { name: 'Bản sao giấy tờ của người yêu cầu', photos: 1 },
      {
        name: 'Văn bản xác nhận của thủ trưởng cơ quan',
        originals: 1,
        condition: 'cán bộ, công chức, lực lượng vũ trang'
      }
    ]
  },
  {
    code: '1.004873',
    name: 'Cấp Giấy xác nhận tình trạng hôn nhân',
    fieldId: 'ho-tich',
    decision: '1872/QĐ-BTP',
    limit: days(3),
    channels: ALL,
    cases: ['Chưa kết hôn', 'Đã ly hôn', 'Vợ hoặc chồng đã mất'],
    common: true,
    papers: [
      { name: 'Tờ khai cấp Giấy xác nhận tình trạng hôn nhân', originals: 1 },
      {
        name: 'Quyết định ly hôn hoặc trích lục khai tử',
        photos: 1,
        condition: 'đã ly hôn hoặc vợ, chồng đã mất'
      }
    ]
  },
  {
    code: '1.004837',
    name: 'Đăng ký giám hộ',
    fieldId: 'ho-tich',
    decision: '1872/QĐ-BTP',
    limit: days(3),
    channels: ALL,
    cases: ['Giám hộ cử', 'Giám hộ đương nhiên'],
    papers: [
      { name: 'Tờ khai đăng ký giám hộ', originals: 1 },
      { name: 'Văn bản cử người giám hộ', originals: 1 },
      { name: 'Giấy tờ chứng minh điều kiện giám hộ', photos: 1 }
    ]
  },
  {
    code: '2.000635',
    name: 'Cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh',
    fieldId: 'ho-tich',
    decision: '1872/QĐ-BTP',
    limit: days(1),
    channels: ALL,
    cases: ['Cá nhân', 'Cơ quan, tổ chức'],
    cutoff15: true,
    common: true,
    fee: {
      name: 'Phí cấp bản sao trích lục',
      kind: 'charge',
      unitPrice: 8000,
      unitName: 'bản',
      basis: 'TT 281/2016/TT-BTC'
    },
    papers: [
      { name: 'Tờ khai cấp bản sao trích lục hộ tịch', originals: 1 },
      { name: 'Văn bản ủy quyền', certified: 1, condition: 'khi nhờ người khác' }
    ]
  },
  {
    code: '2.000986',
    name: 'Liên thông đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi',
    fieldId: 'ho-tich',
    decision: '1872/QĐ-BTP',
    limit: { value: 20, unit: 'day' },
    channels: ['direct', 'online'],
    cases: ['Khai sinh, thường trú, BHYT', 'Khai sinh, BHYT'],
    papers: [
      { name: 'Tờ khai đăng ký khai sinh', originals: 1 },
      { name: 'Tờ khai thay đổi thông tin cư trú', formCode: 'CT01', originals: 1 },
      { name: 'Tờ khai tham gia bảo hiểm y tế', formCode: 'TK1-TS', originals: 1 },
      { name: 'Giấy chứng sinh', originals: 1 }
    ]
  },
  {
    code: '2.000815',
    name: 'Chứng thực bản sao từ bản chính',
    fieldId: 'chung-thuc',
    decision: '2228/QĐ-BTP',
    limit: days(1),
    channels: ['direct'],
    cases: ['Trong ngày', 'Số lượng lớn'],
    cutoff15: true,
    common: true,
    fee: {
      name: 'Phí chứng thực bản sao',
      kind: 'charge',
      unitPrice: 2000,
      unitName: 'trang',
      basis: 'TT 226/2016/TT-BTC'
    },
    papers: [
      { name: 'Bản chính giấy tờ cần chứng thực', presentOnly: true, originals: 1 },
      { name: 'Bản sao cần chứng thực', photos: 1 }
    ]
  },
  {
    code: '2.000884',
    name: 'Chứng thực chữ ký trong giấy tờ, văn bản',
    fieldId: 'chung-thuc',
    decision: '2228/QĐ-BTP',
    limit: days(1),
    channels: ['direct'],
    cases: ['Tại quầy', 'Ngoài trụ sở'],
    cutoff15: true,
    common: true,
    fee: {
      name: 'Phí chứng thực chữ ký',
      kind: 'charge',
      unitPrice: 10000,
      unitName: 'trường hợp',
      basis: 'TT 226/2016/TT-BTC'
    },
    papers: [
      { name: 'Giấy tờ, văn bản sẽ ký', originals: 1 },
      { name: 'Thẻ căn cước hoặc hộ chiếu', presentOnly: true, originals: 1 }
    ]
  },
  {
    code: '2.001035',
    name: 'Chứng thực giao dịch liên quan đến tài sản là động sản, quyền sử dụng đất, nhà ở',
    fieldId: 'chung-thuc',
    decision: '2228/QĐ-BTP',
    limit: days(2),
    channels: ['direct'],
    cases: ['Chuyển nhượng', 'Tặng cho', 'Thế chấp'],
    fee: {
      name: 'Phí chứng thực giao dịch',
      kind: 'charge',
      unitPrice: 50000,
      unitName: 'giao dịch',
      basis: 'TT 226/2016/TT-BTC'
    },
    papers: [
      { name: 'Dự thảo giao dịch', originals: 2 },
      { name: 'Thẻ căn cước các bên', presentOnly: true, originals: 2 },
      { name: 'Giấy chứng nhận quyền sử dụng đất', photos: 1, presentOnly: true },
      {
        name: 'Giấy xác nhận tình trạng hôn nhân',
        photos: 1,
        condition: 'khi chỉ một người đứng tên'
      }
    ]
  },
  {
    code: '1.013225',
    name: 'Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ',
    fieldId: 'dat-dai',
    decision: '654/QĐ-BXD',
    limit: days(15),
    channels: ALL,
    cases: ['Nhà ở riêng lẻ', 'Công trình cấp III, IV'],
    feeUndecided: true,
    papers: [
      { name: 'Đơn đề nghị cấp giấy phép xây dựng', formCode: 'Mẫu 01', originals: 1 },
      { name: 'Giấy tờ chứng minh quyền sử dụng đất', certified: 1 },
      { name: 'Bản vẽ thiết kế xây dựng', originals: 2 },
      {
        name: 'Bản cam kết bảo đảm an toàn công trình liền kề',
        originals: 1,
        condition: 'khi có công trình liền kề'
      },
      {
        name: 'Văn bản thẩm duyệt phòng cháy, chữa cháy',
        certified: 1,
        condition: 'khi thuộc diện phải thẩm duyệt'
      },
      { name: 'Giấy ủy quyền nộp hồ sơ', originals: 1, condition: 'khi nộp thay' }
    ]
  },
  {
    code: '1.012812',
    name: 'Hòa giải tranh chấp đất đai',
    fieldId: 'dat-dai',
    decision: '2304/QĐ-BNNMT',
    limit: { value: 40, unit: 'day' },
    channels: ['direct', 'post'],
    cases: ['Tại xã'],
    papers: [
      { name: 'Đơn yêu cầu hòa giải', originals: 1 },
      { name: 'Giấy tờ về thửa đất tranh chấp', photos: 1 }
    ]
  },
  {
    code: '1.001699',
    name: 'Xác định, xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết tật',
    fieldId: 'bao-tro',
    decision: '1257/QĐ-BYT',
    limit: days(25),
    channels: ALL,
    cases: ['Lần đầu', 'Xác định lại'],
    papers: [
      { name: 'Đơn đề nghị xác định mức độ khuyết tật', formCode: 'Mẫu 01', originals: 1 },
      { name: 'Bản sao giấy tờ y tế', photos: 1, condition: 'nếu có' }
    ]
  },
  {
    code: '2.000751',
    name: 'Trợ giúp xã hội khẩn cấp về hỗ trợ làm nhà ở, sửa chữa nhà ở',
    fieldId: 'bao-tro',
    decision: '1257/QĐ-BYT',
    limit: null,
    limitUnitUnknown: true,
    channels: ALL,
    cases: ['Làm nhà', 'Sửa nhà'],
    papers: [{ name: 'Tờ khai đề nghị trợ giúp xã hội khẩn cấp', formCode: 'Mẫu 06', originals: 1 }]
  },
  {
    code: '1.001612',
    name: 'Đăng ký thành lập hộ kinh doanh',
    fieldId: 'kinh-doanh',
    decision: '1841/QĐ-BTC',
    limit: days(3),
    channels: ALL,
    cases: ['Cá nhân', 'Các thành viên hộ gia đình'],
    common: true,
    fee: {
      name: 'Lệ phí đăng ký hộ kinh doanh',
      kind: 'fee',
      unitPrice: 100000,
      unitName: 'lần',
      basis: 'Nghị quyết HĐND tỉnh'
    },
    papers: [
      { name: 'Giấy đề nghị đăng ký hộ kinh doanh', originals: 1 },
      {
        name: 'Bản sao biên bản họp thành viên hộ gia đình',
        photos: 1,
        condition: 'khi nhiều thành viên'
      }
    ]
  },
  {
    code: '1.014022',
    name: 'Đăng ký khai sinh lưu động (quy trình mới)',
    fieldId: 'ho-tich',
    decision: '3108/QĐ-BTP',
    limit: days(5),
    channels: ['direct'],
    cases: ['Tại thôn, bản'],
    force: { from: '2027-01-01' },
    papers: [{ name: 'Tờ khai đăng ký khai sinh', originals: 1 }]
  },
  {
    code: '1.000419',
    name: 'Đăng ký khai tử lưu động',
    fieldId: 'ho-tich',
    decision: '1872/QĐ-BTP',
    limit: days(5),
    channels: ['direct'],
    cases: ['Tại thôn, bản'],
    force: { to: '2026-06-30' },
    papers: [{ name: 'Tờ khai đăng ký khai tử', originals: 1 }]
  }
];
