/** Which letters each font of documents has; made by `npm run fonts` from the fonts themselves. `letters.ts` reads it. */
export const COVERAGE = {
  'noto-sans-sc':
    'w+2m y+c 2+2d d+3 7+1 d+3 o+1 3+1 4+3 3+1 l+5 11 e+1 e+1 t+f s+1 2g g 2i c 2+2 e h+1 l+1 3 3 5 3p+g 2+6 8+o 1k f+1r 2 54d+1 2p+2h 7d+1 d+6 2+2 2+2 2+2 3+2 9 2+1 2 4+3 6 5+2 8 z 1h 2+1 1d+1 y 3 2 4+1 5 4 3 b+1 4+1 4 3 7 6 11+b 5+b l+9 v+1 b+2 5+1 4 2 2 i+3 c b 2+1 2+6 4 2+2 2 5 3+3 3 2+9 6+3 6 6 2 3 4 k+2 2+3 3+1 3+1 3+1 3+1 b+5 3+1 a+4 7 5 q r+1 k m+2 b 6 h+1 3q+1 d+e 2 c+1 20 1p+97 6+2 3+1 5+1 3+1 5+1 2+3 2+5 f+4 9 h+3 2+1 3 5+1 7+1 5+3 g h+2 u+f 3+b z t+1 1w h 7 z 2+1 m w+t e b7+1 3u 1n+1 7e+2 j 3f it+1 1x+p 2+2g d+5x r+b 5+1r 2+2d 3+2u 6+16 2+1e 2+15 2+17 5+z d+1a 2+7f 2+58o 23+g6n hld+3 2+1 5+1 9 2+3 7 b+1 2 2+4 2+3 9 4+3 4 4+1 b 4+5 7 4 2 2 3+2 3+2 4+1 5+2 2 5 2 3 m 5 4 4 2+1 2 5+1 a 8+1 3+4 2+2 3 2 8 3+1 5 3 2 3 3+3 2 2+3 2 2+1 4 7+2 2+1 3+2 6 4+2 2+1 2 d 2 2 i+1 4i+4 lo+9 n+y 2+i 2+3 46+4e 2+t 4+5 3+5 3+5 3+2 4+6 2+6 1bma+c 4+2k 4+1o 2c+2 e+17 5+8 8+1 2t2 2 1v 48 xw 26 196 1ca 3d ck 3w8 2f0 1cc+1 az rf g 1cr 6q 12 3g 24 221 1c 1y 10v sg ne h8 dl 7a d1 ej 5h 2hd 16l 7c 1u sv hc t 97 o9 72 8 2 3 cb 3u 1k6 b5 1gu 5 9 1n5 7y s 7t 6 y 11m at+1 f+1 51 7n 2r c 3 b 3r c 3 26 3q 8 7 3 k+1 14 3c+1 4 1g d 14+1 9+2 2 2 2x+1 n 1s 58 s x j 3 a 4 i 4c en 48 3 q 7 48 9o g 34 1e e8+1 3j x 7f 4 w 3n c s 37 1w 6 3 84 c 3 4r 5t 5 9 8 2+2 2 j 8+1 69 3 34 y 1o 64 5 3 i k 3 j 6d c 33 18 3k 4+1 3 7+1 2 4 2 9 4 c+1 9 5 3 3 4 3 2 4 1h e+1 e 3s 9 46+1 7 2 3+1 7 3l 2 2+1 f+1 8 5+1 13 1v 2 9 3 4 2a c b 1bl 6yo 1e 4dj+1 b2',
  'noto-sans':
    'w+2m y+c 2+io 2+13 3+5 5+6 2 2+j 2+1q f+8v r5+3j 1h8 1x1+g 5 2+7 c2+8 3c+6x 2+7u 3+5 3+11 3+5 3+7 2 2 2 2+u 3+1g 2+e 2+d 3+5 2+i 3+2 2+8 2+a 6+p 6+1c h+1 3+q 2+c 4+w 1c g+2n 10+1 5 3t qi 1as+v 9t+3h noj+2n 2p+5m 6+1 2 2+4 p+d 74 1b ea+1n fpx+6 m2+f ct+1 1hf+5 2+15 2+8 16iu+u',
  'noto-sans-arabic':
    'w+2m y+3 2 2+4 3+2 4 2+2 2+1 4+20 3+9 3+5 3+5 3+1 3+1 3+3 5+1 2+5 3+7 2+3 3+b 3+3 3+1 5+k 4a+3 s 3z+1 2 f+5 z+4 2+2 2+2 6 k+2 ke+l 2+5b 2+x 29+1b 6p+u a+21 2+s 48x+5 p 2c+1 7q 7+1 2+1 4+2 2+2 4 4 9 a+1 l 2l 3a 6o 8 qa 1o5 14i7+36 h+cc 3+1h 8 x+f 35+4 2+3q 35t+2',
  'noto-serif-tibetan':
    'w+2m y+3 2 2+4 3+2 4 2+2 2+1 4+20 3+9 3+5 3+5 3+1 3+1 3+5 3+1 2+5 3+7 2+3 3+b 3+3 3+1 5+k 27+1 22+3 s 3z+1 2 f+5 z+4 2+2 2+2 6 k+2 2c8+1z 2+z 5+12 2+z 2+e 2+c 2w6+5 p 2c+1 7x 3+1 4+2 2+2 4 4 j+1 36 3a 6o qi 30',
  'noto-sans-mongolian':
    'w+2m y+3 2 2+4 3+2 4 2+2 2+1 4+20 3+9 3+5 3+5 3+1 3+1 3+3 5+1 2+5 3+7 8+5 3+3 3+3 3+1 5+1 3+g 4a+3 s 3z+1 2 f+5 z+4 2+2 2+2 q+2 448+a 6+9 7+2g 8+16 15i+5 p 2c+1 80+1 4+2 2+2 4 4 9 a+1 e+1 2r 3a 6o qi 20l+1 6+7 14vm 7+1 3+1 e 4 s 2 4kj+c',
  'noto-sans-yi':
    'w+2m y+3 2 2+4 3+2 4 2+2 2+1 4+20 3+9 3+5 3+5 3+1 3+1 3+5 3+1 2+5 3+7 2+3 3+b 3+3 3+1 5+k 27+1 22+3 s 3z+1 2 f+5 z+4 2+2 2+2 6 k+2 5eg+5 p 2c+1 80+1 4+2 2+2 4 4 j+1 36 3a 6o 2r3+1 6+9 3+7 68 lxh+wc 4+1i htn b e+1 4 1u+4',
  'noto-sans-kr': '3cw+2m 3+4e 5yn+1 76+1e 2+15 36+u 1u+u nhe+s hw+8mb d+m 5+1c 7ty+t 4+5 3+5 3+5 3+2',
  'noto-sans-tai-le': 'w 3k gw+1 6+1 4 2lw+9 1s7+t 3+4 2fs 20l+1 6+3',
  'noto-sans-new-tai-lue': 'w 3k 4ww+17 5+p 7+a 4+1 2ct',
  'rare-han-1': '2t4w+hdr',
  'rare-han-2': '3aio+fkm',
  'rare-han-3': '3q4g+378 c+65 3+4g1 f+5rk',
} as const;
